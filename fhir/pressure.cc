#include "fhir/pressure.h"

#include <algorithm>

namespace fhir {

AdaptiveLimit::AdaptiveLimit(std::size_t most)
    : most_(static_cast<double>(std::max<std::size_t>(most, 1))), limit_(most_) {}

void AdaptiveLimit::served(Clock::time_point sent_at, Clock::time_point /*now*/) {
  if (sent_at < lowered_at_) return;
  limit_ = std::min(most_, limit_ + 1 / limit_);
}

void AdaptiveLimit::overloaded(Clock::time_point sent_at, Clock::time_point now) {
  if (sent_at < lowered_at_) return;
  limit_ = std::max(1.0, limit_ * 0.7);
  lowered_at_ = now;
}

}  // namespace fhir
