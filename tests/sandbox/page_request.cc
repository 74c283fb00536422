#include "sandbox/page_request.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "sandbox/compartment.h"
#include "sandbox/instant.h"
#include "sandbox/outcome.h"
#include "sandbox/patient_paths.h"

namespace sandbox {
namespace {

using Refused = std::optional<Answer>;

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

Refused read_window(const Query& query, const ServerOptions& options, PageRequest& request) {
  const auto count = query.get("_count");
  const auto offset = query.get("_offset");
  if (count && (!read_number(*count, request.count) || request.count < 1))
    return bad_request("Invalid value for _count");
  if (offset && (!read_number(*offset, request.offset) || request.offset < 0)) {
    return bad_request("Invalid value for _offset");
  }
  request.count = std::min(request.count, most_a_page);
  if (request.offset > options.offset_cap) {
    return bad_request("Search offset exceeds maximum (got " + std::to_string(request.offset) + ", max " +
                       std::to_string(options.offset_cap) + ")");
  }
  if (const auto cursor = query.get("_cursor")) request.cursor = parse_cursor(*cursor);
  return std::nullopt;
}

Refused read_since(const std::optional<std::string>& text, PageRequest& request) {
  if (!text) return std::nullopt;
  const auto since = parse_instant(*text);
  if (!since) return bad_request("Invalid date or instant: " + *text);
  request.since = *since;
  return std::nullopt;
}

void read_types(const Query& query, PageRequest& request) {
  request.types = query.list("_type");
  request.types_named = !request.types.empty();
  if (request.types_named) return;
  if (request.everything) {
    request.types.assign(patient_types().begin(), patient_types().end());
  } else {
    request.types = {request.searched_type};
  }
}

Refused read_search(const Asked& asked, PageRequest& request) {
  static constexpr std::array known = {"_compartment", "_count",       "_cursor", "_offset",
                                       "_sort",        "_lastUpdated", "_type",   "_total"};
  for (const auto& [name, value] : asked.query.parameters) {
    if (std::ranges::find(known, name) != known.end()) continue;
    return bad_request("Unknown search parameter: " + name + " for resource type " + request.searched_type);
  }
  const std::string sort = asked.query.get_or("_sort", "_id");
  if (sort != "_id" && sort != "_lastUpdated") return bad_request("Unsupported _sort here: " + sort);
  request.sort = sort == "_id" ? Sort::id : Sort::last_updated;
  if (!is_reference(request.patient)) return bad_request("Only compartments can be searched here");
  auto updated = asked.query.get("_lastUpdated");
  if (updated && !updated->starts_with("ge")) return bad_request("Unsupported _lastUpdated here: " + *updated);
  if (updated) updated->erase(0, 2);
  return read_since(updated, request);
}

}  // namespace

std::variant<PageRequest, Answer> page_request(const Asked& asked, const ServerOptions& options) {
  PageRequest request;
  request.patient = asked.reference;
  request.everything = asked.path.ends_with("/$everything");
  if (!request.everything) request.searched_type = asked.path.substr(asked.path.rfind('/') + 1);
  request.sort = options.paging == Paging::cursor ? Sort::last_updated : Sort::id;
  request.count = request.everything ? most_a_page : 20;
  read_types(asked.query, request);
  Refused refused = request.everything ? read_since(asked.query.get("_since"), request) : read_search(asked, request);
  if (!refused) refused = read_window(asked.query, options, request);
  if (refused) return *refused;
  return request;
}

std::optional<Cursor> parse_cursor(std::string_view text) {
  if (!text.starts_with("2-")) return std::nullopt;
  text.remove_prefix(2);
  const std::size_t dash = text.find('-');
  Cursor cursor;
  if (!read_number(text.substr(0, dash), cursor.instant)) return std::nullopt;
  while (dash != std::string_view::npos && text.size() > dash + 1) {
    const std::size_t comma = text.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? dash + 1 : comma + 1;
    cursor.excluded.emplace_back(text.substr(begin));
    text = text.substr(0, begin - 1);
  }
  return cursor;
}

std::string to_text(const Cursor& cursor) {
  std::string text = "2-" + std::to_string(cursor.instant);
  char separator = '-';
  for (const std::string& id : cursor.excluded) {
    text += separator + id;
    separator = ',';
  }
  return text;
}

}  // namespace sandbox
