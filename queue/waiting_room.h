#pragma once

#include <list>
#include <memory>

#include "queue/clock.h"

namespace queue {

/// Where coroutines wait for something that another one brings about. Who is woken looks again. May be gone before
/// those who wait in it are: they keep their list.
class WaitingRoom {
 public:
  /// Until notify_all() or `until`, whichever is first.
  Awaitable<void> wait(Clock::time_point until);
  void notify_all();

 private:
  using Waiting = std::list<Timer*>;
  std::shared_ptr<Waiting> waiting_ = std::make_shared<Waiting>();
};

}  // namespace queue
