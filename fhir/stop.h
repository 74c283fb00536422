#pragma once

#include <chrono>
#include <list>
#include <stdexcept>

#include <boost/asio/basic_waitable_timer.hpp>

#include "fhir/awaitable.h"

namespace fhir {

using Clock = std::chrono::steady_clock;
using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;

/// Somebody asked that no new request starts.
struct Stopped : std::runtime_error {
  Stopped() : std::runtime_error("asked to stop") {}
};

/// A request to stop gently: nothing new starts, every wait ends, what is in flight is let end.
/// (A lost lease is not gentle: that is the coroutines' own cancellation, which aborts requests.)
class Stop {
 public:
  bool requested() const { return requested_ || Clock::now() >= ends_; }
  /// Ends all waits below, now and from now on.
  void request();
  /// Nothing new starts from then on: a permission that runs out by itself, whatever has hung meanwhile. (Waits do not
  /// end early for it.)
  void ends_at(Clock::time_point time) { ends_ = time; }
  /// A PATCH was given up before its answer came: it may still land whenever it likes.
  void abandon_write() { abandoned_a_write_ = true; }
  bool abandoned_a_write() const { return abandoned_a_write_; }
  /// Throws Stopped if requested.
  void check() const;

  /// Waits until `timer` expires or is cancelled; throws Stopped as soon as a stop is requested.
  Awaitable<void> wait(Timer& timer);
  Awaitable<void> pause(Clock::duration time);

 private:
  bool requested_ = false;
  bool abandoned_a_write_ = false;
  Clock::time_point ends_ = Clock::time_point::max();
  std::list<Timer*> waiting_;
};

}  // namespace fhir
