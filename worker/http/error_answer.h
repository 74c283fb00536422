#pragma once

#include <chrono>
#include <string_view>

#include "worker/http/message.h"
#include "worker/http/refusal.h"

namespace worker::http {

/// For metrics' labels.
std::string_view name_of(Refusal refusal);

/// The answer: an OperationOutcome as Medplum sends it where FHIR clients ask, else `{"error": why}`. `wait`: how long
/// to stay away, where that is the point.
Response answer_to(const Refused& refused, bool to_fhir_client, std::chrono::seconds wait = std::chrono::seconds(1));

/// One of Medplum's shape. `text` needs no escaping in JSON.
Response outcome(unsigned status, std::string_view id, std::string_view code, std::string_view text);
/// The same for those who are no FHIR clients.
Response plain_error(unsigned status, std::string_view text);

}  // namespace worker::http
