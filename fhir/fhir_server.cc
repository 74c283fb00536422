#include "fhir/fhir_server.h"

#include "fhir/rate_limit.h"

namespace fhir {

Awaitable<HttpAnswer> FhirServer::exchange(HttpRequest request, QuotaGate::Departure departure, LastLook last_look) {
  auto answer = co_await pool_.exchange(std::move(request), std::move(last_look));
  silence_.ended(Clock::now());
  const bool refused = answer.status == 429;
  if (refused) gate_.close_until(Clock::now() + reset_after(answer, policy_).wait);
  departure.answered(parse_rate_limits(answer.fields.joined("RateLimit")), refused);
  co_return std::move(answer);
}

Awaitable<HttpAnswer> FhirServer::exchange(HttpRequest request, QuotaGate::Departure departure) {
  return exchange(std::move(request), std::move(departure), [] {});
}

}  // namespace fhir
