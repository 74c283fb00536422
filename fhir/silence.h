#pragma once

#include "fhir/retry.h"
#include "fhir/stop.h"

namespace fhir {

/// For how long the server has said nothing at all, to any request of the process.
class Silence {
 public:
  /// It said something.
  void ended(Clock::time_point now) {
    last_word_ = now;
    tries_ = 0;
  }
  /// A try that began then got no answer.
  void heard(Clock::time_point began) {
    if (tries_++ == 0) since_ = began;
  }
  /// Whether it is long enough to take the server for away: `last_try` says that the one who asks will not try again.
  bool is_outage(const RetryPolicy& policy, bool last_try, Clock::time_point now) const;

 private:
  Clock::time_point last_word_ = Clock::time_point::min();
  Clock::time_point since_;
  int tries_ = 0;  ///< since its last word
};

}  // namespace fhir
