#include "fhir/rate_limit.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace fhir {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Takes what is before the next separator off `rest`.
std::string_view next_part(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return trimmed(part);
}

/// Nobody's quota is larger and nobody waits longer, and no sum of them overflows, in nanoseconds either.
constexpr unsigned long greatest = 1'000'000'000;

/// Digits only.
std::optional<long> number(std::string_view text) {
  unsigned long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return static_cast<long>(std::min(value, greatest));
}

std::optional<RateLimit> parse_one(std::string_view item) {
  std::string_view name = next_part(item, ';');
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
  std::optional<long> remaining, reset;
  while (!item.empty()) {
    std::string_view value = next_part(item, ';');
    const std::string_view key = next_part(value, '=');
    if (key == "r") remaining = number(trimmed(value));
    if (key == "t") reset = number(trimmed(value));
  }
  if (name.empty() || !remaining || !reset) return std::nullopt;
  return RateLimit{std::string(name), *remaining, std::chrono::seconds(*reset)};
}

std::optional<unsigned> month_number(std::string_view name) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto place = std::ranges::find(months, name);
  if (place == months.end()) return std::nullopt;
  return static_cast<unsigned>(place - months.begin()) + 1;
}

}  // namespace

std::vector<RateLimit> parse_rate_limits(std::string_view header) {
  std::vector<RateLimit> limits;
  while (!header.empty()) {
    auto limit = parse_one(next_part(header, ','));
    if (limit) limits.push_back(std::move(*limit));
  }
  return limits;
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view header, std::chrono::sys_seconds now) {
  const std::string_view text = trimmed(header);
  const auto seconds = number(text);
  if (seconds) return std::chrono::seconds(*seconds);
  const auto date = parse_http_date(text);
  if (!date) return std::nullopt;
  return std::clamp(*date - now, std::chrono::seconds(0), std::chrono::seconds(greatest));
}

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  constexpr std::string_view shape = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != shape.size() || !text.ends_with(" GMT") || text[19] != ':' || text[22] != ':') return std::nullopt;
  const auto field = [text](std::size_t at, std::size_t length) { return number(text.substr(at, length)); };
  const auto day = field(5, 2), year = field(12, 4), hour = field(17, 2), minute = field(20, 2), second = field(23, 2);
  const auto month = month_number(text.substr(8, 3));
  if (!day || !month || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace fhir
