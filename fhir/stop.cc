#include "fhir/stop.h"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include "fhir/listed.h"

namespace fhir {

void Stop::request() {
  requested_ = true;
  for (Timer* timer : waiting_) timer->cancel();
}

void Stop::check() const {
  if (requested()) throw Stopped();
}

Awaitable<void> Stop::wait(Timer& timer) {
  check();
  boost::system::error_code ended;
  {
    const Listed listed(waiting_, timer);
    co_await timer.async_wait(boost::asio::redirect_error(use_awaitable, ended));
  }
  check();
  const auto cancellation = co_await boost::asio::this_coro::cancellation_state;
  if (cancellation.cancelled() != boost::asio::cancellation_type::none) {
    throw boost::system::system_error(boost::asio::error::operation_aborted);
  }
}

Awaitable<void> Stop::pause(Clock::duration time) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  Timer timer(executor, time);
  co_await wait(timer);
}

}  // namespace fhir
