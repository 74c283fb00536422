#include "config/size.h"

#include <array>

#include "config/whole_number.h"

namespace config {
namespace {

struct SizeUnit {
  std::string_view name;
  std::int64_t bytes;
};
constexpr std::array<SizeUnit, 7> sizes_largest_first = {{{"GiB", 1 << 30},
                                                          {"GB", 1'000'000'000},
                                                          {"MiB", 1 << 20},
                                                          {"MB", 1'000'000},
                                                          {"KiB", 1 << 10},
                                                          {"kB", 1'000},
                                                          {"B", 1}}};

constexpr std::int64_t greatest_size = 1'000'000'000'000;

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  const auto number = parse_whole_number(text.substr(0, digits), 0, greatest_size);
  if (!number) return std::nullopt;
  for (const SizeUnit& unit : sizes_largest_first) {
    if (text.substr(digits) != unit.name) continue;
    if (*number > greatest_size / unit.bytes) return std::nullopt;
    return static_cast<std::uint64_t>(*number * unit.bytes);
  }
  return std::nullopt;
}

std::string size_text(std::uint64_t bytes) {
  for (const SizeUnit& unit : sizes_largest_first) {
    const auto size = static_cast<std::uint64_t>(unit.bytes);
    if (bytes != 0 && bytes % size == 0) return std::to_string(bytes / size).append(unit.name);
  }
  return "0B";
}

}  // namespace config
