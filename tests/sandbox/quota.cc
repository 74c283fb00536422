#include "sandbox/quota.h"

#include <algorithm>

namespace sandbox {

bool Quota::charge(long points, Clock::time_point now) {
  if (now >= opened_ + window_) {
    opened_ = now;
    consumed_ = 0;
  }
  consumed_ += points;
  return !limited() || consumed_ <= limit_;
}

long Quota::left() const {
  return std::max(0L, limit_ - consumed_);
}

std::chrono::milliseconds Quota::until_reset(Clock::time_point now) const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(opened_ + window_ - now);
  return std::max(left, std::chrono::milliseconds(0));
}

}  // namespace sandbox
