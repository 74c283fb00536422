#include "fhir/page_link.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace fhir {
namespace {

namespace urls = boost::urls;

bool names_only(const urls::params_view& params, std::string_view name, const std::string& value) {
  std::size_t named = 0;
  bool same = true;
  for (const auto& param : params) {
    if (param.key != name) continue;
    ++named;
    same = same && param.value == value;
  }
  return named == 1 && same;
}

}  // namespace

boost::system::result<PageLink, ParseError> judge_link(const std::string& url, const Reference& target) {
  const auto parsed = urls::parse_uri_reference(url);
  if (!parsed) return ParseError{"the next link is no URL"};
  // An empty one too: before a fragment Boost.URL 1.81 crashes when asked for its parameters.
  if (parsed->encoded_query().empty()) return ParseError{"the next link has no query"};

  const std::string path = parsed->path();
  const std::string query(parsed->encoded_query());
  const std::string everything = target.str() + "/$everything";
  const bool by_offset = parsed->params().contains("_offset");

  if (path.ends_with("/" + everything)) return PageLink{everything + "?" + query, by_offset};
  if (path.ends_with("/Patient") && names_only(parsed->params(), "_compartment", target.str()))
    return PageLink{"Patient?" + query, by_offset};
  return ParseError{"the next link leads to something else than this compartment"};
}

}  // namespace fhir
