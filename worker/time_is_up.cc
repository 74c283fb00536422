#include "worker/time_is_up.h"

#include <boost/asio/this_coro.hpp>

namespace worker {

Awaitable<void> time_is_up_at(fhir::Clock::time_point time) {
  const auto executor = co_await boost::asio::this_coro::executor;
  fhir::Timer timer(executor, time);
  co_await timer.async_wait(fhir::use_awaitable);
  throw TimeIsUp();
}

}  // namespace worker
