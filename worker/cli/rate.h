#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace worker::cli {

/// How fast a count rises, smoothed over about the last quarter of a minute.
class Rate {
 public:
  using Clock = std::chrono::steady_clock;

  /// A count that falls (a job's next attempt counts anew) starts the measuring again.
  void saw(std::uint64_t count, Clock::time_point now);

  /// Nothing until there is something to tell from.
  std::optional<double> per_second() const;

 private:
  std::optional<Clock::time_point> last_time_;
  std::uint64_t last_count_ = 0;
  double counted_ = 0;  ///< both fade alike, so that their quotient is right from the first second on
  double seconds_ = 0;
};

}  // namespace worker::cli
