#include "fhir/retry_line.h"

#include <algorithm>

namespace fhir {

/// A place in the line. Whoever leaves it, however, wakes the one who is first then.
class RetryLine::Place {
 public:
  explicit Place(RetryLine& line)
      : line_(line), timer_(line.executor_), place_(line.line_.insert(line.line_.end(), &timer_)) {}
  ~Place() {
    line_.line_.erase(place_);
    line_.wake_first();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  bool is_first() const { return line_.line_.front() == &timer_; }
  Timer& timer() { return timer_; }

 private:
  RetryLine& line_;
  Timer timer_;
  std::list<Timer*>::iterator place_;
};

Awaitable<bool> RetryLine::wait(Clock::time_point end, Stop& stop) {
  Place place(*this);
  for (;;) {
    const auto now = Clock::now();
    if (now >= end) co_return false;
    auto again = end;
    if (place.is_first()) {
      const auto later = budget_.spend(now);
      if (!later) co_return true;
      again = std::min(end, *later);
    }
    place.timer().expires_at(again);
    co_await stop.wait(place.timer());
  }
}

void RetryLine::first_try() {
  budget_.first_try();
  wake_first();
}

void RetryLine::served() {
  budget_.served();
  wake_first();
}

void RetryLine::wake_first() {
  if (!line_.empty()) line_.front()->cancel();
}

}  // namespace fhir
