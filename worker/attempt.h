#pragma once

#include "fhir/stop.h"

namespace worker {

/// Why a running attempt was asked to stop.
enum class StopReason {
  none,
  cancelled,  ///< somebody asked for it, through the queue
  draining,   ///< this worker is shutting down
  outage,     ///< the FHIR server is out of reach: nobody's fault
};

/// A running attempt, as those see it who may want it to stop.
class RunningAttempt {
 public:
  fhir::Stop& stop() { return stop_; }
  StopReason reason() const { return reason_; }

  /// No new write starts, what is in flight is let end. A cancellation outweighs every other reason: somebody asked for
  /// it, and no other worker must begin the job anew.
  void ask(StopReason reason) {
    if (reason_ != StopReason::cancelled) reason_ = reason;
    stop_.request();
  }

 private:
  fhir::Stop stop_;
  StopReason reason_ = StopReason::none;
};

}  // namespace worker
