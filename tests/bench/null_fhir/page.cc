#include "tests/bench/null_fhir/page.h"

#include <algorithm>
#include <charconv>

namespace null_fhir {
namespace {

constexpr std::uint64_t most_a_page = 1000;
constexpr std::string_view cursor_prefix = "2-";

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

std::string with_colons(std::string_view encoded) {
  std::string text(encoded);
  for (auto at = text.find("%3A"); at != std::string::npos; at = text.find("%3A", at)) text.replace(at, 3, ":");
  return text;
}

Page by_offset(const Compartment& compartment, const PageRequest& wanted, const std::string& query) {
  Page page;
  const std::uint64_t end = std::min(compartment.size(), wanted.begin + wanted.count);
  for (std::uint64_t row = wanted.begin; row < end; ++row)
    page.rows.push_back(compartment.row(compartment.first() + row));
  if (end < compartment.size()) page.next = query + "&_offset=" + std::to_string(end);
  return page;
}

Page by_cursor(const Compartment& compartment, const PageRequest& wanted, const std::string& query) {
  Page page;
  std::uint64_t position = wanted.begin;
  if (wanted.since) position = std::max(position, compartment.position_since(*wanted.since));
  for (; position < compartment.positions(); ++position) {
    const auto row = compartment.row_at(position);
    if (!row) continue;
    if (page.rows.size() == wanted.count) {
      page.next = query + "&_cursor=" + std::string(cursor_prefix) + std::to_string(position);
      break;
    }
    page.rows.push_back(*row);
  }
  return page;
}

}  // namespace

bool read_page_request(const Request& request, bool by_cursor, PageRequest& wanted) {
  wanted.by_cursor = by_cursor;
  if (const auto count = request.parameter("_count"); count && !read_number(*count, wanted.count)) return false;
  wanted.count = std::min(wanted.count, most_a_page);
  if (!by_cursor) {
    const auto offset = request.parameter("_offset");
    return !request.parameter("_since") && (!offset || read_number(*offset, wanted.begin));
  }
  if (const auto since = request.parameter("_since")) {
    wanted.since = parse_instant(with_colons(*since));
    if (!wanted.since) return false;
  }
  const auto cursor = request.parameter("_cursor");
  if (!cursor) return true;
  return cursor->starts_with(cursor_prefix) && read_number(cursor->substr(cursor_prefix.size()), wanted.begin);
}

Page page_of(const Compartment& compartment, const PageRequest& wanted) {
  const std::string query = "_count=" + std::to_string(wanted.count);
  return wanted.by_cursor ? by_cursor(compartment, wanted, query) : by_offset(compartment, wanted, query);
}

}  // namespace null_fhir
