#include "fhir/fhir_server.h"

#include "fhir/rate_limit.h"

namespace fhir {

Awaitable<HttpAnswer> FhirServer::exchange(HttpRequest request, QuotaGate::Departure departure) {
  auto answer = co_await pool_.exchange(std::move(request));
  last_answer_ = Clock::now();
  departure.answered(parse_rate_limits(answer.fields.joined("RateLimit")), answer.status == 429);
  co_return std::move(answer);
}

}  // namespace fhir
