#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "fhir/stop.h"

namespace worker::http {

/// What this worker does at the moment.
struct Gauges {
  std::size_t running = 0;         ///< jobs
  std::size_t slots = 0;           ///< as many may run
  std::uint64_t resources = 0;     ///< brought to an end so far: it only rises
  std::size_t in_flight = 0;       ///< requests to the FHIR server that count against the limit
  std::size_t limit = 0;           ///< of them, at this moment
  std::optional<long> quota_left;  ///< by the server's word, in its units
};

/// The last five minutes of a worker, a sample a second.
class Pulse {
 public:
  static constexpr std::size_t seconds = 300;

  void beat(const Gauges& gauges, fhir::Clock::time_point now);

  const Gauges& now() const { return gauges_; }
  /// Resources a second, between the last two samples.
  double rate() const { return samples_.empty() ? 0 : samples_.back().rate; }
  /// `{"rate":[…],"inFlight":[…],"limit":[…]}`, the oldest first.
  std::string history() const;

 private:
  struct Sample {
    double rate = 0;
    std::size_t in_flight = 0;
    std::size_t limit = 0;
  };

  Gauges gauges_;
  std::optional<fhir::Clock::time_point> last_;
  std::deque<Sample> samples_;
};

}  // namespace worker::http
