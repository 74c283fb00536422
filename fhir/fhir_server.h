#pragma once

#include <filesystem>

#include "fhir/awaitable.h"
#include "fhir/http_pool.h"
#include "fhir/quota_gate.h"
#include "fhir/stop.h"

namespace fhir {

/// The server as all requests of the process see it together: its connections, its quota, when it last spoke.
class FhirServer {
 public:
  /// Throws std::invalid_argument if `ca_file` cannot be used.
  FhirServer(Executor executor, Origin origin, const std::filesystem::path& ca_file, std::chrono::milliseconds timeout)
      : pool_(executor, std::move(origin), ca_file, timeout), gate_(executor) {}

  /// One request that was let depart, one answer; what it says of the quota is noted. Throws TransportError.
  Awaitable<HttpAnswer> exchange(HttpRequest request, QuotaGate::Departure departure);

  QuotaGate& gate() { return gate_; }
  const Origin& origin() const { return pool_.origin(); }
  /// Of an answer of any status.
  Clock::time_point last_answer() const { return last_answer_; }

 private:
  HttpPool pool_;
  QuotaGate gate_;
  Clock::time_point last_answer_ = Clock::time_point::min();
};

}  // namespace fhir
