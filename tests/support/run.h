#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace test {

/// Runs one coroutine to its end on `io`; throws what it throws, or if it does not end within `limit`.
template <class T>
T run(boost::asio::io_context& io, boost::asio::awaitable<T, boost::asio::io_context::executor_type> work,
      std::chrono::milliseconds limit = std::chrono::seconds(60)) {
  bool done = false;
  std::exception_ptr failure;
  using Value = std::conditional_t<std::is_void_v<T>, bool, std::optional<T>>;
  Value value{};
  if constexpr (std::is_void_v<T>) {
    boost::asio::co_spawn(io.get_executor(), std::move(work), [&](std::exception_ptr error) {
      failure = error;
      done = true;
      io.stop();
    });
  } else {
    boost::asio::co_spawn(io.get_executor(), std::move(work), [&](std::exception_ptr error, T result) {
      failure = error;
      value = std::move(result);
      done = true;
      io.stop();
    });
  }
  io.restart();
  io.run_for(limit);
  io.restart();
  if (!done) throw std::runtime_error("the coroutine did not end in time");
  if (failure) std::rethrow_exception(failure);
  if constexpr (!std::is_void_v<T>) return std::move(*value);
}

}  // namespace test
