#pragma once

#include <functional>
#include <memory>

#include "fhir/awaitable.h"
#include "fhir/stop.h"

namespace fhir {

/// One timer for many things that fall due. It is set again only where something falls due sooner than it would ring;
/// whatever is done with in time costs it nothing. So it may ring for nothing: whoever is called looks what is due.
class Alarm {
 public:
  /// Called when it rings; returns what falls due next, or time_point::max().
  using Ring = std::function<Clock::time_point(Clock::time_point now)>;

  Alarm(const Executor& executor, Ring ring);
  /// It does not ring any more.
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  /// Rings at `time`, or before.
  void set(Clock::time_point time);

 private:
  struct Bell;
  std::shared_ptr<Bell> bell_;
};

}  // namespace fhir
