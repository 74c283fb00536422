#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/base_url.h"
#include "fhir/http_message.h"
#include "fhir/page_link.h"
#include "fhir/reference.h"
#include "tests/fuzz/must.h"

namespace {

using fuzz::must;

const fhir::Reference target{"Patient", "p"};

std::string decoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef0123456789ABCDEF";
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t high = i + 2 < text.size() && text[i] == '%' ? digits.find(text[i + 1]) : digits.npos;
    const std::size_t low = high == digits.npos ? high : digits.find(text[i + 2]);
    plain += low == digits.npos ? text[i] : static_cast<char>((high % 16) * 16 + low % 16);
    if (low != digits.npos) i += 2;
  }
  return plain;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// Wherever somebody resolves it, behind whatever base: it goes down only.
void must_stay_below(const std::string& path) {
  for (const std::string& segment : split(path.substr(0, path.find('?')), '/')) {
    const std::string plain = decoded(segment);
    must(!plain.empty() && plain != "." && plain != "..", "no segment leads away from the base", path);
  }
  for (const char c : path)
    must(c > ' ' && c < '\x7f' && c != '#' && c != '\\', "nothing in a path could be read otherwise", path);
}

/// One request line, as bytes on the wire.
void must_be_one_request(const std::string& request_target) {
  fhir::HttpRequest request;
  request.target = request_target;
  must(is_one_request(request), "what is below a base is one request", request_target);
}

void judge_link_to(const std::string& url) {
  const auto link = judge_link(url, target);
  if (!link) {
    must(!link.error().reason.empty(), "a refusal has a reason");
    return;
  }
  const std::string path = link->path.substr(0, link->path.find('?'));
  const std::string query = link->path.substr(std::min(path.size() + 1, link->path.size()));
  must_stay_below(link->path);
  must(fhir::stays_below_base(link->path), "a link that is followed stays below the base", link->path);
  must_be_one_request("/fhir/R4/" + link->path);
  must(path == "Patient/p/$everything" || path == "Patient", "a link leads to the compartment", link->path);
  must(url.find("?" + query) != std::string::npos, "only the query is taken from a link", link->path);

  std::size_t compartments = 0, offsets = 0;
  for (const std::string& parameter : split(query, '&')) {
    const std::string name = decoded(parameter.substr(0, parameter.find('=')));
    offsets += name == "_offset" ? 1 : 0;
    if (name != "_compartment") continue;
    ++compartments;
    const std::string value = parameter.substr(std::min(parameter.find('='), parameter.size() - 1) + 1);
    must(path != "Patient" || decoded(value) == "Patient/p", "a search is of this compartment", link->path);
  }
  must(path != "Patient" || compartments == 1, "a search names one compartment", link->path);
  must(link->by_offset == (offsets > 0), "an offset is noticed", link->path);
}

void judge_base(const std::string& text) {
  const auto base = fhir::parse_base_url(text);
  if (!base) return;
  must(text.find('@') == std::string::npos || text.find('@') > text.find('/', text.find("//") + 2),
       "no base holds a password", text);
  must(!base->path.ends_with('/') && (base->path.empty() || base->path.starts_with('/')), "a path, or none", text);
  if (!base->path.empty()) must_stay_below(base->path.substr(1));
  must(base->path.starts_with(base->root), "the root is above the base", base->root);
  must_be_one_request(base->path + "/Patient/p/$everything?_count=1000");

  const auto again = fhir::parse_base_url(base->origin.str() + base->path);
  must(again && again->origin == base->origin && again->path == base->path && again->root == base->root,
       "what a base is shown as is the same base", base->origin.str() + base->path);
  fhir::HttpRequest request;
  request.target = "/";
  request.fields.add("Host", base->origin.authority());
  must(is_one_request(request), "the host stays in its header", base->origin.authority());
}

void judge_url(const std::string& text) {
  const auto url = fhir::parse_url(text);
  if (!url) return;
  const int port = std::stoi(url->origin.port);
  must(port >= 1 && port <= 65535, "a port is one", url->origin.port);
  must(url->query.empty() || url->query.starts_with('?'), "a query has its mark", url->query);
  must_be_one_request((url->path.empty() ? "/" : url->path) + url->query);
}

void judge_reference(const std::string& text) {
  const auto reference = fhir::parse_reference(text);
  if (!reference) return;
  must(reference->str() == text, "a reference is the text it came from", text);
  must_stay_below(text);
  must(split(text, '/').size() == 2, "a reference is a type and an id", text);
  must(fhir::stays_below_base(text), "a reference stays below the base", text);
  must(fhir::percent_encoded(reference->id) == reference->id, "an id needs no encoding", text);
}

void judge_path(const std::string& path) {
  if (!fhir::stays_below_base(path)) return;
  must_stay_below(path);
  must_be_one_request("/" + path);
}

void judge_encoding(const std::string& text) {
  const std::string encoded = fhir::percent_encoded(text);
  must(decoded(encoded) == text, "what is encoded can be decoded", text);
  must(encoded.find_first_of("&=+#?/ \r\n") == std::string::npos, "what is encoded is one value", encoded);
}

}  // namespace

/// One text, taken for everything that may become part of a request line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  judge_link_to(text);
  judge_base(text);
  judge_url(text);
  judge_reference(text);
  judge_path(text);
  judge_encoding(text);
  return 0;
}
