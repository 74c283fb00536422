#pragma once

#include <cstddef>

#include "fhir/stop.h"

namespace fhir {

/// How many PATCHes may be in flight: additive increase, multiplicative decrease (RFC 5681's idea), between 1 and
/// `most`. It starts at `most`, so that small jobs run at once, and stays there while the server is well.
class AdaptiveLimit {
 public:
  explicit AdaptiveLimit(std::size_t most);

  std::size_t limit() const { return static_cast<std::size_t>(limit_); }

  /// A request sent at `sent_at` was served: one more for each full round of these.
  void served(Clock::time_point sent_at, Clock::time_point now);
  /// It met 429 without a quota, 503 or a timeout: less, but once for all that were in flight together.
  void overloaded(Clock::time_point sent_at, Clock::time_point now);

 private:
  double most_;
  double limit_;
  Clock::time_point lowered_at_ = Clock::time_point::min();
};

}  // namespace fhir
