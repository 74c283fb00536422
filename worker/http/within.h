#pragma once

#include <chrono>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "fhir/guarded.h"
#include "fhir/stop.h"
#include "queue/job_queue.h"

namespace worker::http {

/// Throws queue::QueueUnavailable after that time. (A question to Redis that is given up leaves the connection in
/// order; its own limit would break it, for the jobs too.)
inline Awaitable<void> silence_of_redis(std::chrono::milliseconds limit) {
  const auto executor = co_await boost::asio::this_coro::executor;
  fhir::Timer timer(executor, limit);
  co_await timer.async_wait(fhir::use_awaitable);
  throw queue::QueueUnavailable("Redis does not answer within " + std::to_string(limit.count()) + " ms");
}

/// The answer of something that asks Redis, while somebody waits for it.
template <class T>
Awaitable<T> within(std::chrono::milliseconds limit, Awaitable<T> question) {
  return fhir::guarded(std::move(question), silence_of_redis(limit));
}

/// For a caller who can come again.
inline constexpr std::chrono::milliseconds patience_of_callers(2000);

}  // namespace worker::http
