#pragma once

#include "config/settings.h"
#include "fhir/awaitable.h"
#include "fhir/http_pool.h"
#include "fhir/quota_gate.h"
#include "fhir/retry.h"
#include "fhir/silence.h"
#include "fhir/stop.h"

namespace fhir {

/// The server as all requests of the process see it together: its connections, its quota, its silence.
class FhirServer {
 public:
  /// Throws std::invalid_argument if the CA file cannot be used. `policy` outlives it.
  FhirServer(Executor executor, Origin origin, const config::Fhir& settings, const RetryPolicy& policy)
      : policy_(policy), pool_(executor, std::move(origin), settings), gate_(executor) {}

  /// One request that was let depart, one answer. What it says of the quota is noted, and a 429 closes the gate for all
  /// before anybody else can depart. `last_look`: see HttpPool. Throws TransportError.
  Awaitable<HttpAnswer> exchange(HttpRequest request, QuotaGate::Departure departure, LastLook last_look);
  Awaitable<HttpAnswer> exchange(HttpRequest request, QuotaGate::Departure departure);

  QuotaGate& gate() { return gate_; }
  const QuotaGate& gate() const { return gate_; }
  const Origin& origin() const { return pool_.origin(); }
  Silence& silence() { return silence_; }
  const Traffic& traffic() const { return pool_.traffic(); }

 private:
  const RetryPolicy& policy_;
  HttpPool pool_;
  QuotaGate gate_;
  Silence silence_;
};

}  // namespace fhir
