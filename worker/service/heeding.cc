#include "worker/service/heeding.h"

#include <algorithm>
#include <csignal>

#include <boost/asio/this_coro.hpp>

#include "fhir/stop.h"
#include "worker/concurrency.h"
#include "worker/service/orphans.h"
#include "worker/service/signals.h"

namespace worker::service {
namespace {

constexpr auto look_again = std::chrono::milliseconds(250);

Awaitable<void> until_told_to_end(Signals& signals, const Orders& orders) {
  for (;;) {
    const int signal = co_await signals.next();
    if (signal == SIGTERM || signal == SIGINT) co_return;
    if (signal == SIGHUP) orders.reload();
    if (signal == SIGCHLD && adopts_orphans()) reap_children();
  }
}

Awaitable<void> until_told_again(Signals& signals, const Orders& orders) {
  co_await until_told_to_end(signals, orders);
  throw Hurried("a second signal came");
}

/// A reload may change the grace while it lasts.
Awaitable<void> end_of_grace(const Orders& orders) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto began = fhir::Clock::now();
  for (auto now = began; now < began + orders.grace(); now = fhir::Clock::now()) {
    fhir::Timer timer(executor, std::min<fhir::Clock::time_point>(began + orders.grace(), now + look_again));
    co_await timer.async_wait(fhir::use_awaitable);
  }
  throw Hurried("the grace period is over");
}

}  // namespace

Awaitable<void> heed_signals(Orders orders) {
  const auto executor = co_await boost::asio::this_coro::executor;
  Signals signals(executor);
  if (adopts_orphans()) reap_children();  // that ended before anybody listened: an entry script's, say
  co_await until_told_to_end(signals, orders);
  orders.stop();
  co_await guarded(until_told_again(signals, orders), end_of_grace(orders));
}

}  // namespace worker::service
