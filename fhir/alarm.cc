#include "fhir/alarm.h"

#include <utility>

namespace fhir {

struct Alarm::Bell : std::enable_shared_from_this<Bell> {
  Bell(const Executor& executor, Ring what) : timer(executor), ring(std::move(what)) {}

  void set(Clock::time_point time) {
    if (time >= rings_at) return;
    rings_at = time;
    timer.expires_at(time);
    timer.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
      const auto self = weak.lock();
      if (cancelled || !self) return;
      self->rings_at = Clock::time_point::max();
      self->set(self->ring(Clock::now()));
    });
  }

  Timer timer;
  Ring ring;
  Clock::time_point rings_at = Clock::time_point::max();
};

Alarm::Alarm(const Executor& executor, Ring ring) : bell_(std::make_shared<Bell>(executor, std::move(ring))) {}

Alarm::~Alarm() = default;

void Alarm::set(Clock::time_point time) {
  bell_->set(time);
}

}  // namespace fhir
