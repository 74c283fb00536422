#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fhir {

/// One limit as the server reports it on an answer (Medplum's `RateLimit` header, after draft-ietf-httpapi-ratelimit).
struct RateLimit {
  std::string name;            ///< e.g. fhirInteractions, requests
  long remaining = 0;          ///< `r`: units left
  std::chrono::seconds reset;  ///< `t`: until there are all again
  bool operator==(const RateLimit&) const = default;
};

/// All lines joined by commas; any order, spaces, unknown parameters. What cannot be read is left out.
std::vector<RateLimit> parse_rate_limits(std::string_view header);

/// `Retry-After` (RFC 9110 section 10.2.3) as a number of seconds or an HTTP date, which `now` is taken off.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view header, std::chrono::sys_seconds now);

/// The preferred form of an HTTP date (RFC 9110 section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

}  // namespace fhir
