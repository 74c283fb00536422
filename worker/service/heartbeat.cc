#include "worker/service/heartbeat.h"

#include <algorithm>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "fhir/stop.h"
#include "worker/log.h"

namespace worker::service {
namespace {

constexpr std::chrono::microseconds longest_pause = std::chrono::milliseconds(250);

/// Often enough for the watchdog.
std::chrono::microseconds pause_for(const Supervision& supervision) {
  return supervision.watchdog.count() > 0 ? std::min(longest_pause, supervision.watchdog / 4) : longest_pause;
}

}  // namespace

Heartbeat::Heartbeat(const Supervision& supervision, VitalSigns& signs, std::function<Condition()> condition)
    : signs_(signs),
      condition_(std::move(condition)),
      pause_(pause_for(supervision)),
      socket_(supervision.socket),
      notices_(supervision.watchdog) {}

Awaitable<void> Heartbeat::run() {
  const auto executor = co_await boost::asio::this_coro::executor;
  for (;;) {
    signs_.look(fhir::Clock::now());
    log_change();
    beat();
    log::flush();
    fhir::Timer timer(executor, pause_);
    co_await timer.async_wait(fhir::use_awaitable);
  }
}

void Heartbeat::beat() {
  Condition condition = condition_();
  condition.stopped = signs_.stopped();
  Notices after = notices_;
  const std::string message = after.next(condition, fhir::Clock::now());
  if (message.empty() || socket_.send(message)) notices_ = std::move(after);
}

void Heartbeat::reload(const std::function<void()>& work) {
  Notices after = notices_;
  const std::string message = after.reloading(fhir::Clock::now());
  if (!message.empty() && socket_.send(message)) notices_ = std::move(after);
  work();
  beat();
}

/// Once for each part that stops, and once when all move again.
void Heartbeat::log_change() {
  const auto& stopped = signs_.stopped();
  const std::string part = stopped ? stopped->part : "";
  if (std::exchange(told_stuck_, part) == part) return;
  if (stopped) {
    log::event(log::Level::error, "stuck",
               {{"part", part},
                {"job", stopped->job},
                {"secondsWithoutMoving", stopped->still.count()},
                {"why", "it moves no more: no sign of life goes to the supervisor's watchdog, and /healthz says 503"}});
  } else {
    log::event(log::Level::warning, "moves again");
  }
}

}  // namespace worker::service
