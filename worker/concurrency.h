#pragma once

#include <exception>
#include <list>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include "fhir/guarded.h"
#include "fhir/stop.h"
#include "worker/awaitable.h"

namespace worker {

using fhir::guarded;

/// Runs all at once and returns when all have ended; the first that throws cancels the others, and its exception is
/// thrown.
inline Awaitable<void> all_of(std::vector<Awaitable<void>> works) {
  namespace asio = boost::asio;
  if (works.empty()) co_return;
  const auto executor = co_await asio::this_coro::executor;
  using Operation = decltype(asio::co_spawn(executor, std::move(works.front()), asio::deferred));
  std::vector<Operation> operations;
  operations.reserve(works.size());
  for (Awaitable<void>& work : works) operations.push_back(asio::co_spawn(executor, std::move(work), asio::deferred));
  auto group = asio::experimental::make_parallel_group(std::move(operations));
  const auto [order, errors] = co_await group.async_wait(asio::experimental::wait_for_one_error(), fhir::use_awaitable);
  for (const std::size_t first : order)
    if (errors[first]) std::rethrow_exception(errors[first]);
}

/// Works that begin at any time, each ending by itself and none of them throwing. They live within hold().
class OpenGroup {
 public:
  explicit OpenGroup(const fhir::Executor& executor) : executor_(executor), none_left_(executor) {}

  /// Begins it at once.
  void add(Awaitable<void> work) {
    const auto place = running_.emplace(running_.end());
    boost::asio::co_spawn(executor_, std::move(work),
                          boost::asio::bind_cancellation_slot(place->slot(), [this, place](const std::exception_ptr&) {
                            // Not here: the signal is still looked at while its work ends.
                            boost::asio::post(executor_, [this, place] { forget(place); });
                          }));
  }
  std::size_t size() const { return running_.size(); }

  /// For ever. Cancelled, it cancels all works, and is over when they are.
  Awaitable<void> hold() {
    fhir::Timer never(executor_, fhir::Clock::time_point::max());
    boost::system::error_code cancelled;
    co_await never.async_wait(boost::asio::redirect_error(fhir::use_awaitable, cancelled));
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    for (boost::asio::cancellation_signal& work : running_) work.emit(boost::asio::cancellation_type::terminal);
    co_await wait_until_empty();
  }
  /// Until none is left.
  Awaitable<void> wait_until_empty() {
    while (!running_.empty()) {
      none_left_.expires_at(fhir::Clock::time_point::max());
      boost::system::error_code changed;
      co_await none_left_.async_wait(boost::asio::redirect_error(fhir::use_awaitable, changed));
    }
  }

 private:
  using Running = std::list<boost::asio::cancellation_signal>;

  void forget(Running::iterator place) {
    running_.erase(place);
    if (running_.empty()) none_left_.cancel();
  }

  fhir::Executor executor_;
  Running running_;
  fhir::Timer none_left_;
};

/// Runs all at once, gently: the first that throws asks the others, by `stop`, to start nothing new; what they have in
/// flight ends by itself. Then its exception is thrown. (Aborting a PATCH in flight would leave it to land whenever it
/// likes.)
class GentleGroup {
 public:
  explicit GentleGroup(fhir::Stop& stop) : stop_(stop) {}
  void add(Awaitable<void> work) { works_.push_back(gently(std::move(work))); }
  Awaitable<void> run() {
    co_await all_of(std::move(works_));
    if (first_) std::rethrow_exception(first_);
  }

 private:
  Awaitable<void> gently(Awaitable<void> work) {
    try {
      co_await std::move(work);
    } catch (...) {
      if (!first_) first_ = std::current_exception();
      stop_.request();
    }
  }

  fhir::Stop& stop_;
  std::vector<Awaitable<void>> works_;
  std::exception_ptr first_;
};

}  // namespace worker
