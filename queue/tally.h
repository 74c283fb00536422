#pragma once

#include <cstdint>

#include "config/histogram.h"

namespace queue {

/// What this process has asked of Redis since it began; for whoever watches it.
struct Tally {
  /// From a command given to its last reply, waiting for a connection included; blocking commands are not counted.
  /// 50 µs to 6.6 s.
  config::Histogram<50'000, 18> round_trip;
  std::uint64_t commands = 0;       ///< given, redirects not counted
  std::uint64_t connections = 0;    ///< opened and logged in
  std::uint64_t moves_refused = 0;  ///< Redis answered with an error: out of memory, no permission, …
};

}  // namespace queue
