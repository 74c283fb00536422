#include "tests/bench/null_fhir/instants.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace null_fhir {
namespace {

constexpr Instant day = 86'400'000;

char* write_number(char* to, unsigned value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + digits;
}

char* write_date(char* to, Instant days) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  to = write_number(to, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  *to++ = '-';
  to = write_number(to, static_cast<unsigned>(date.month()), 2);
  *to++ = '-';
  return write_number(to, static_cast<unsigned>(date.day()), 2);
}

std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int value = 0;
  const char* const end = text.data() + at + digits;
  const auto read = std::from_chars(text.data() + at, end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

}  // namespace

char* write_instant(char* to, Instant instant) {
  const auto of_day = static_cast<unsigned>(instant % day);
  to = write_date(to, instant / day);
  *to++ = 'T';
  to = write_number(to, of_day / 3'600'000, 2);
  *to++ = ':';
  to = write_number(to, of_day / 60'000 % 60, 2);
  *to++ = ':';
  to = write_number(to, of_day / 1000 % 60, 2);
  *to++ = '.';
  to = write_number(to, of_day % 1000, 3);
  *to++ = 'Z';
  return to;
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() != instant_size) return std::nullopt;
  const auto year = number_at(text, 0, 4), month = number_at(text, 5, 2), date = number_at(text, 8, 2);
  const auto hour = number_at(text, 11, 2), minute = number_at(text, 14, 2), second = number_at(text, 17, 2);
  const auto milliseconds = number_at(text, 20, 3);
  if (!year || !month || !date || !hour || !minute || !second || !milliseconds) return std::nullopt;
  const std::chrono::sys_days days = std::chrono::year(*year) / std::chrono::month(static_cast<unsigned>(*month)) /
                                     std::chrono::day(static_cast<unsigned>(*date));
  const Instant seconds = (*hour * 60 + *minute) * 60 + *second;
  return days.time_since_epoch().count() * day + seconds * 1000 + *milliseconds;
}

std::string http_date(Instant instant) {
  const std::time_t seconds = instant / 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

}  // namespace null_fhir
