#pragma once

#include <stdexcept>

#include <boost/asio/this_coro.hpp>

#include "fhir/awaitable.h"
#include "fhir/stop.h"

namespace fhir {

/// What was waited for took longer than it may.
struct TimeIsUp : std::runtime_error {
  TimeIsUp() : std::runtime_error("it took too long") {}
};

/// A guard: throws TimeIsUp when so much time has passed.
inline Awaitable<void> time_limit(Clock::duration limit) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  Timer timer(executor, limit);
  co_await timer.async_wait(use_awaitable);
  throw TimeIsUp();
}

}  // namespace fhir
