#include "worker/redis_at_start.h"

#include <chrono>
#include <optional>

#include <boost/asio/this_coro.hpp>

#include "fhir/stop.h"
#include "worker/log.h"
#include "worker/redis_findings.h"

namespace worker {
namespace {

constexpr auto between_tries = std::chrono::seconds(1);

void warn_of(const Findings& findings) {
  for (const Finding& finding : findings)
    if (finding.kind != Finding::Kind::ok) log::event(log::Level::warning, "redis", {{"warning", finding.text}});
}

}  // namespace

Awaitable<void> warn_of_redis(queue::RedisClient& redis) {
  const auto executor = co_await boost::asio::this_coro::executor;
  for (;;) {
    try {
      const RedisFacts facts = co_await ask(redis);
      warn_of(judge_safety(facts));
      co_return;
    } catch (const InfoRefused& refusal) {
      log::event(log::Level::warning, "redis", {{"warning", refusal.what()}});
      co_return;
    } catch (const queue::QueueUnavailable&) {
    }
    fhir::Timer timer(executor, between_tries);
    co_await timer.async_wait(fhir::use_awaitable);
  }
}

}  // namespace worker
