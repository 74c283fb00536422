#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "fhir/stop.h"

namespace worker::http {

/// How many may log in through us: the FHIR server counts logins by address (Medplum: 160 a minute), and ours is the
/// worker's own, too.
class LoginRate {
 public:
  using Clock = fhir::Clock;

  /// How long this peer must wait; nothing if it may log in now, which counts then.
  std::optional<std::chrono::seconds> wait_of(const std::string& peer, Clock::time_point now);

 private:
  /// So many at once, so many a minute.
  struct Bucket {
    double left;
    Clock::time_point filled;
  };
  struct Rate {
    double at_once;
    double a_minute;
  };
  static constexpr Rate everybody{30, 80};
  static constexpr Rate one_peer{20, 40};

  static void fill(Bucket& bucket, const Rate& rate, Clock::time_point now);
  void forget_the_quiet(Clock::time_point now);

  Bucket all_{everybody.at_once, Clock::time_point::min()};
  std::map<std::string, Bucket> peers_;
};

}  // namespace worker::http
