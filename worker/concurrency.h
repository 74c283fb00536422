#pragma once

#include <exception>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
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
