#pragma once

#include <chrono>
#include <optional>

namespace worker::cli {

/// How long a watcher bears that Redis does not answer: a restart of Redis is no reason to stop watching.
class Patience {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::minutes limit{2};

  void answered() { silent_since_.reset(); }
  /// Whether it has been too long.
  bool lost(Clock::time_point now) {
    if (!silent_since_) silent_since_ = now;
    return now - *silent_since_ > limit;
  }

 private:
  std::optional<Clock::time_point> silent_since_;
};

}  // namespace worker::cli
