#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace null_fhir {

/// Milliseconds since 1970.
using Instant = std::int64_t;

inline constexpr std::size_t instant_size = 24;

/// 2026-01-31T12:00:00.000Z
char* write_instant(char* to, Instant instant);
/// The same read back, and nothing else.
std::optional<Instant> parse_instant(std::string_view text);
/// Sat, 31 Jan 2026 12:00:00 GMT: as RFC 9110 section 5.6.7 wants it.
std::string http_date(Instant instant);

}  // namespace null_fhir
