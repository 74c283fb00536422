#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "worker/http/message.h"

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

std::string_view name_of(Refusal refusal);

/// The answer: an OperationOutcome as Medplum sends it where FHIR clients ask, else `{"error": why}`. `wait`: how long
/// to stay away, where that is the point.
Response answer_to(const Refused& refused, bool to_fhir_client, std::chrono::seconds wait = std::chrono::seconds(1));

/// One of Medplum's shape. `text` needs no escaping in JSON.
Response outcome(unsigned status, std::string_view id, std::string_view code, std::string_view text);
/// The same for those who are no FHIR clients.
Response plain_error(unsigned status, std::string_view text);

}  // namespace worker::http
