#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>

#include "fhir/awaitable.h"
#include "fhir/stop.h"

namespace fhir {

/// Runs both. The first to end, however, cancels the other; both are over when this returns. A guard never returns: it
/// throws the reason why the work must not go on.
template <class T>
Awaitable<T> guarded(Awaitable<T> work, Awaitable<void> guard) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  auto group = boost::asio::experimental::make_parallel_group(
      boost::asio::co_spawn(executor, std::move(work), boost::asio::deferred),
      boost::asio::co_spawn(executor, std::move(guard), boost::asio::deferred));
  if constexpr (std::is_void_v<T>) {
    auto [order, work_error, guard_error] =
        co_await group.async_wait(boost::asio::experimental::wait_for_one(), use_awaitable);
    const std::exception_ptr error = order[0] == 0 ? work_error : guard_error;
    if (error) std::rethrow_exception(error);
  } else {
    auto [order, work_error, value, guard_error] =
        co_await group.async_wait(boost::asio::experimental::wait_for_one(), use_awaitable);
    const std::exception_ptr error = order[0] == 0 ? work_error : guard_error;
    if (error) std::rethrow_exception(error);
    co_return std::move(value);
  }
}

/// A guard: throws Stopped as soon as a stop is requested. `stop` outlives it.
inline Awaitable<void> until_stopped(Stop& stop) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  Timer never(executor, Clock::time_point::max());
  co_await stop.wait(never);
}

}  // namespace fhir
