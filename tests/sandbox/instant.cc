#include "sandbox/instant.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace sandbox {
namespace {

struct Parts {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::milliseconds> time;
  unsigned weekday = 0;
};

Parts parts_of(std::int64_t ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(ms)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss(at - day), std::chrono::weekday(day).c_encoding()};
}

std::optional<int> number(std::string_view text, std::size_t at, std::size_t digits) {
  if (text.size() < at + digits) return std::nullopt;
  int value = 0;
  const char* end = text.data() + at + digits;
  const auto parsed = std::from_chars(text.data() + at, end, value);
  return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> zone_ms(std::string_view zone) {
  if (zone.empty() || zone == "Z") return 0;
  const auto hours = number(zone, 1, 2);
  const auto minutes = number(zone, 4, 2);
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || !hours || !minutes) return std::nullopt;
  const std::int64_t shift = (*hours * 60 + *minutes) * 60'000LL;
  return zone[0] == '+' ? shift : -shift;
}

std::optional<std::int64_t> time_ms(std::string_view time) {
  const auto hours = number(time, 0, 2);
  const auto minutes = number(time, 3, 2);
  if (!hours || !minutes) return std::nullopt;
  const int seconds = number(time, 6, 2).value_or(0);
  std::size_t at = time.size() > 5 && time[5] == ':' ? 8 : 5;
  std::int64_t ms = 0;
  if (at < time.size() && time[at] == '.') {
    std::int64_t weight = 100;
    for (++at; at < time.size() && time[at] >= '0' && time[at] <= '9'; ++at, weight /= 10)
      ms += (time[at] - '0') * weight;
  }
  const auto zone = zone_ms(time.substr(at));
  if (!zone) return std::nullopt;
  return ((*hours * 60 + *minutes) * 60LL + seconds) * 1000 + ms - *zone;
}

}  // namespace

std::string instant(std::int64_t ms) {
  const Parts at = parts_of(ms);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(at.date.year()),
                static_cast<unsigned>(at.date.month()), static_cast<unsigned>(at.date.day()),
                static_cast<int>(at.time.hours().count()), static_cast<int>(at.time.minutes().count()),
                static_cast<int>(at.time.seconds().count()), static_cast<int>(at.time.subseconds().count()));
  return text.data();
}

std::string http_date(std::int64_t ms) {
  static constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Parts at = parts_of(ms);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT", days.at(at.weekday),
                static_cast<unsigned>(at.date.day()), months.at(static_cast<unsigned>(at.date.month()) - 1),
                static_cast<int>(at.date.year()), static_cast<int>(at.time.hours().count()),
                static_cast<int>(at.time.minutes().count()), static_cast<int>(at.time.seconds().count()));
  return text.data();
}

std::optional<std::int64_t> parse_instant(std::string_view text) {
  const auto year = number(text, 0, 4);
  if (!year) return std::nullopt;
  const int month = number(text, 5, 2).value_or(1);
  const int day = number(text, 8, 2).value_or(1);
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  if (text.size() <= 10) return days * 86'400'000;
  if (text[10] != 'T') return std::nullopt;
  const auto time = time_ms(text.substr(11));
  if (!time) return std::nullopt;
  return days * 86'400'000 + *time;
}

}  // namespace sandbox
