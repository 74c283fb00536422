#pragma once

#include <list>

#include "fhir/awaitable.h"
#include "fhir/stop.h"

namespace fhir {

/// Something to wait for that another coroutine brings about. Whoever waits looks again at what it waits for when it is
/// woken: a signal says that something changed, not what. Outlives those who wait.
class Signal {
 public:
  /// Until the next notify_all(); throws Stopped as soon as a stop is requested.
  Awaitable<void> wait(Stop& stop);
  void notify_all();

 private:
  std::list<Timer*> waiting_;
};

}  // namespace fhir
