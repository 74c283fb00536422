#pragma once

#include <optional>

#include "fhir/retry.h"
#include "fhir/stop.h"

namespace fhir {

/// What all requests of the process together may spend on trying again, so that a server in trouble does not meet as
/// many retries as there are lanes.
///
/// A retry costs one, and gets it back once the server serves it: what is paid for is tries in vain. Each first try
/// earns a share of one, and time earns one now and then. It starts full.
class RetryBudget {
 public:
  RetryBudget(const RetryPolicy& policy, Clock::time_point now);

  void first_try();
  /// A retry was served: what it had cost comes back.
  void served();
  /// Pays for a retry and answers nothing; or when to ask again, if nothing is earned before.
  std::optional<Clock::time_point> spend(Clock::time_point now);

 private:
  void earn(double retries);

  Clock::duration every_;
  double share_;
  double most_;
  double left_;
  Clock::time_point earned_until_;
};

}  // namespace fhir
