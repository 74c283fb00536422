#pragma once

#include <string>

#include "fhir/client.h"
#include "fhir/signal.h"
#include "fhir/stop.h"
#include "worker/awaitable.h"
#include "worker/readiness.h"
#include "worker/service/vital_signs.h"

namespace worker {

/// Whether the FHIR server can be worked with: a token is to be had, we may write accounts, it answers. While it
/// cannot, nothing is claimed, what is running is handed back, and the server is probed with backoff until it is
/// mended. An outage of any length fails no job.
class ServerHealth {
 public:
  /// Between probes: `first`, doubled each time, at most `longest`; `first` again after it was up for `well_again`.
  struct Pauses {
    fhir::Clock::duration first = std::chrono::seconds(1);
    fhir::Clock::duration longest = std::chrono::seconds(30);
    fhir::Clock::duration well_again = std::chrono::minutes(1);
    fhir::Clock::duration longest_probe = std::chrono::minutes(4);  ///< its own time limits end it before
  };
  ServerHealth(fhir::Client& client, fhir::Stop& stop, Readiness& readiness, service::VitalSigns& signs);
  ServerHealth(fhir::Client& client, fhir::Stop& stop, Readiness& readiness, service::VitalSigns& signs, Pauses pauses);

  bool up() const { return up_; }

  /// Something found the server out of reach. `passing`: once, and it may be over by the next look.
  void report(std::string trouble, bool passing);
  /// Whether waiting for it makes no sense to somebody who has other things to do.
  bool hopeless() const;

  /// Both throw Stopped when the worker is to stop.
  Awaitable<void> wait_until_up();
  Awaitable<void> wait_until_down();

  /// Probes whenever the server is down. Runs until stopped.
  Awaitable<void> watch();

 private:
  Awaitable<void> probe_until_up();
  Awaitable<void> pause_longer_each_time();

  fhir::Client& client_;
  fhir::Stop& stop_;
  Readiness& readiness_;
  Pauses pauses_;
  bool up_ = false;  ///< nothing is known before the first probe
  std::string trouble_;
  bool passing_ = true;
  fhir::Clock::duration pause_ = pauses_.first;
  fhir::Clock::time_point down_since_ = fhir::Clock::now();
  fhir::Signal changed_;
  service::VitalSign sign_;
};

}  // namespace worker
