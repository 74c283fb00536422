#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace config {

inline constexpr std::string_view size_examples = "500kB, 64MB, 1GB or 64MiB";

/// A whole number and its unit: B, kB, MB, GB, KiB, MiB or GiB. Nothing for anything else, or past 1,000 GB.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// The same the other way, in the largest unit that is exact: 64000000 is `64MB`.
std::string size_text(std::uint64_t bytes);

}  // namespace config
