#pragma once

#include <chrono>

namespace sandbox {

/// Points in a fixed window that opens with the first request after the last one closed.
class Quota {
 public:
  using Clock = std::chrono::steady_clock;
  /// `limit` 0: none. Both outlive it, and may change.
  Quota(const long& limit, const std::chrono::milliseconds& window) : limit_(limit), window_(window) {}

  bool limited() const { return limit_ > 0; }
  /// False when that is more than was left; it counts all the same.
  bool charge(long points, Clock::time_point now);
  long left() const;
  long consumed() const { return consumed_; }
  long limit() const { return limit_; }
  std::chrono::milliseconds until_reset(Clock::time_point now) const;

 private:
  const long& limit_;
  const std::chrono::milliseconds& window_;
  long consumed_ = 0;
  Clock::time_point opened_;
};

}  // namespace sandbox
