#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "worker/service/vital_signs.h"

namespace worker::service {

/// How the daemon is, for whoever supervises it.
struct Condition {
  bool ready = false;     ///< Redis and the FHIR server were found well
  std::string trouble;    ///< why it is not
  bool stopping = false;  ///< it was told to end
  std::size_t running = 0;
  std::size_t slots = 0;
  std::optional<VitalSigns::Stopped> stopped;  ///< a part that does not move any more
};

/// One line for an operator: "ready: 3 of 8 jobs run".
std::string status_of(const Condition& condition);

/// What the supervisor is to be told next, in the words of sd_notify(3). A value: take a copy, and keep that if what it
/// said could be sent.
class Notices {
 public:
  using Clock = VitalSigns::Clock;
  static constexpr std::chrono::seconds between_extensions{2};
  static constexpr std::chrono::seconds extension{20};  ///< while it drains; also for what comes after the last job

  explicit Notices(std::chrono::microseconds watchdog) : watchdog_(watchdog) {}

  /// Empty if there is nothing to say now.
  std::string next(const Condition& condition, Clock::time_point now);
  /// Before a reload; after it next() says that we are ready again. Empty as long as nobody was told that we are ready,
  /// and once we stop.
  std::string reloading(Clock::time_point now);

 private:
  std::chrono::microseconds watchdog_;
  bool told_ready_ = false;
  bool told_stopping_ = false;
  bool reloads_ = false;
  std::string told_status_;
  Clock::time_point next_ping_ = Clock::time_point::min();
  Clock::time_point next_extension_ = Clock::time_point::min();
};

}  // namespace worker::service
