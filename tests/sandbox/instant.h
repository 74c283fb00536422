#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sandbox {

/// Milliseconds since 1970 as the server writes instants: 2026-01-01T00:00:00.000Z.
std::string instant(std::int64_t ms);
/// As `Last-Modified` wants it: Thu, 01 Jan 2026 00:00:00 GMT.
std::string http_date(std::int64_t ms);
/// A FHIR date, dateTime or instant; what is missing of it is its beginning, without a zone it is UTC.
std::optional<std::int64_t> parse_instant(std::string_view text);

}  // namespace sandbox
