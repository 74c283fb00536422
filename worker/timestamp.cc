#include "worker/timestamp.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace worker {

std::string timestamp(std::uint64_t ms_since_1970) {
  constexpr std::uint64_t last = 253'402'300'799'999;  // of the year 9999
  if (ms_since_1970 == 0 || ms_since_1970 > last) return {};
  const std::chrono::milliseconds time(ms_since_1970);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{std::chrono::sys_days(day)};
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text.data();
}

}  // namespace worker
