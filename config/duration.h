#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace config {

inline constexpr std::string_view duration_examples = "250ms, 10s, 5m, 12h or 7d";

/// A whole number and its unit: ms, s, m, h or d. Nothing for anything else, or past 100 years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The same the other way, in the largest unit that is exact: 90000 ms is `90s`.
std::string text_of(std::chrono::milliseconds duration);

}  // namespace config
