#include "fhir/instant.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace fhir {
namespace {

using Milliseconds = std::chrono::milliseconds;

struct Digits {
  std::string_view text;
  bool good = true;

  int take(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (text.empty() || text.front() < '0' || text.front() > '9') return fail();
      value = value * 10 + (text.front() - '0');
      text.remove_prefix(1);
    }
    return value;
  }
  void expect(char c) {
    if (text.empty() || text.front() != c) {
      good = false;
      return;
    }
    text.remove_prefix(1);
  }
  bool next_is(char c) const { return !text.empty() && text.front() == c; }

 private:
  int fail() {
    good = false;
    return 0;
  }
};

Milliseconds take_fraction(Digits& digits) {
  int milliseconds = 0;
  int weight = 100;
  digits.expect('.');
  while (!digits.text.empty() && digits.text.front() >= '0' && digits.text.front() <= '9') {
    milliseconds += weight * digits.take(1);
    weight /= 10;
  }
  return Milliseconds(milliseconds);
}

std::chrono::minutes take_zone(Digits& digits) {
  if (digits.next_is('Z')) {
    digits.expect('Z');
    return std::chrono::minutes(0);
  }
  const bool west = digits.next_is('-');
  digits.expect(west ? '-' : '+');
  const int hours = digits.take(2);
  digits.expect(':');
  const std::chrono::minutes offset = std::chrono::hours(hours) + std::chrono::minutes(digits.take(2));
  return west ? -offset : offset;
}

constexpr Instant first = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr Instant last = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);

}  // namespace

std::string instant_text(Instant time) {
  time = std::clamp(time, first, last);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 48> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<Instant> parse_instant(const std::string& text) {
  Digits digits{text};
  const std::chrono::year year(digits.take(4));
  digits.expect('-');
  const std::chrono::month month(static_cast<unsigned>(digits.take(2)));
  digits.expect('-');
  const std::chrono::day day(static_cast<unsigned>(digits.take(2)));
  digits.expect('T');
  Milliseconds time = std::chrono::hours(digits.take(2));
  digits.expect(':');
  time += std::chrono::minutes(digits.take(2));
  digits.expect(':');
  time += std::chrono::seconds(digits.take(2));
  if (digits.next_is('.')) time += take_fraction(digits);
  time -= take_zone(digits);

  const std::chrono::year_month_day date(year, month, day);
  if (!digits.good || !digits.text.empty() || !date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + time;
}

std::optional<std::string> instant_before(const std::string& instant, std::chrono::milliseconds by) {
  const auto time = parse_instant(instant);
  if (!time) return std::nullopt;
  return instant_text(*time - by);
}

}  // namespace fhir
