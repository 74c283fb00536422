#pragma once

#include <chrono>

namespace worker {

/// A claim on a job as our own monotonic clock sees it. Redis counts a lease from the moment it handled a renewal; we
/// count from before we asked, so ours always ends first, whatever the clocks of the machines say.
class Lease {
 public:
  using Clock = std::chrono::steady_clock;

  Lease(std::chrono::milliseconds length, Clock::time_point asked) : length_(length), renewed_(asked) {}

  /// A renewal that was asked for at `asked` was acknowledged.
  void renewed(Clock::time_point asked) { renewed_ = asked; }
  /// When to stop writing and abort what is open: two thirds of the lease without an acknowledged renewal. The last
  /// third is for requests that are on their way already.
  Clock::time_point ends() const { return renewed_ + length_ * 2 / 3; }

 private:
  std::chrono::milliseconds length_;
  Clock::time_point renewed_;
};

}  // namespace worker
