#include "worker/cli/rate.h"

#include <cmath>

namespace worker::cli {
namespace {

constexpr double seconds_to_fade = 15;
constexpr double seconds_to_trust = 1;

}  // namespace

void Rate::saw(std::uint64_t count, Clock::time_point now) {
  if (!last_time_ || count < last_count_) {
    counted_ = seconds_ = 0;
  } else {
    const double passed = std::chrono::duration<double>(now - *last_time_).count();
    const double faded = std::exp(-passed / seconds_to_fade);
    counted_ = counted_ * faded + static_cast<double>(count - last_count_);
    seconds_ = seconds_ * faded + passed;
  }
  last_time_ = now;
  last_count_ = count;
}

std::optional<double> Rate::per_second() const {
  if (seconds_ < seconds_to_trust) return std::nullopt;
  return counted_ / seconds_;
}

}  // namespace worker::cli
