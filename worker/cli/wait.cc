#include "worker/cli/wait.h"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace worker::cli {

queue::Awaitable<void> wait_for(std::chrono::milliseconds time) {
  using Clock = std::chrono::steady_clock;
  using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, queue::Executor>;
  const auto executor = co_await boost::asio::this_coro::executor;
  Timer timer(executor, time);
  co_await timer.async_wait(queue::use_awaitable);
}

}  // namespace worker::cli
