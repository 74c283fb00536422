#include "config/duration.h"

#include <array>
#include <cstdint>

#include "config/whole_number.h"

namespace config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
constexpr std::array<Unit, 5> units_largest_first = {
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

constexpr std::int64_t a_hundred_years = 36'525LL * 86'400'000;

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  const auto number = parse_whole_number(text.substr(0, digits), 0, a_hundred_years);
  if (!number) return std::nullopt;
  for (const Unit& unit : units_largest_first) {
    if (text.substr(digits) != unit.name) continue;
    if (*number > a_hundred_years / unit.milliseconds) return std::nullopt;
    return std::chrono::milliseconds(*number * unit.milliseconds);
  }
  return std::nullopt;
}

std::string text_of(std::chrono::milliseconds duration) {
  const std::int64_t count = duration.count();
  if (count == 0) return "0s";
  for (const Unit& unit : units_largest_first)
    if (count % unit.milliseconds == 0) return std::to_string(count / unit.milliseconds).append(unit.name);
  return {};
}

}  // namespace config
