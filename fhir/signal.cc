#include "fhir/signal.h"

#include <boost/asio/this_coro.hpp>

#include "fhir/listed.h"

namespace fhir {
Awaitable<void> Signal::wait(Stop& stop) {
  const auto executor = co_await boost::asio::this_coro::executor;
  Timer timer(executor, Timer::time_point::max());
  const Listed listed(waiting_, timer);
  co_await stop.wait(timer);
}

void Signal::notify_all() {
  for (Timer* timer : waiting_) timer->cancel();
}

}  // namespace fhir
