#include "worker/service/vital_signs.h"

#include <algorithm>
#include <utility>

namespace worker::service {

VitalSign::VitalSign(VitalSigns& signs, std::string part, Clock::duration bound, std::function<bool()> expected)
    : signs_(signs),
      place_(signs.signs_.insert(signs.signs_.end(), this)),
      part_(std::move(part)),
      bound_(bound),
      expected_(std::move(expected)) {}

VitalSign::~VitalSign() {
  signs_.signs_.erase(place_);
}

void VitalSigns::look(Clock::time_point now) {
  const auto step = std::min<Clock::duration>(now - std::exchange(looked_, now).value_or(now), longest_step);
  const VitalSign* longest = nullptr;
  for (VitalSign* sign : signs_) {
    sign->still_ = !sign->expected_ || sign->expected_() ? sign->still_ + step : Clock::duration::zero();
    const bool stopped = sign->still_ > sign->bound_;
    if (stopped && (longest == nullptr || sign->still_ > longest->still_)) longest = sign;
  }
  stopped_.reset();
  if (longest != nullptr)
    stopped_ =
        Stopped{longest->part_, longest->job_, std::chrono::duration_cast<std::chrono::seconds>(longest->still_)};
}

}  // namespace worker::service
