#pragma once

#include <cstddef>
#include <string_view>

namespace worker::http {

/// Why a request was not answered by its handler.
enum class Refusal {
  malformed,            ///< 400: not as RFC 9112 wants it, or such that two readers could understand it differently
  too_slow,             ///< 408: head or body took too long
  body_too_large,       ///< 413
  unknown_expectation,  ///< 417
  too_many_requests,    ///< 429: of this caller
  head_too_large,       ///< 431
  failed,               ///< 500: the handler threw
  busy,                 ///< 503: of all callers together
  unsupported_version,  ///< 505
};
inline constexpr std::size_t refusals = 9;

/// Thrown while a request is read; `why` is a literal.
struct Refused {
  Refusal refusal = Refusal::malformed;
  std::string_view why;
};

}  // namespace worker::http
