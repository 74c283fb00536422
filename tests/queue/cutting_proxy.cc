#include "tests/queue/cutting_proxy.h"

#include <array>
#include <memory>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>

namespace test {

using queue::Awaitable;
using queue::use_awaitable;

/// Both directions of one connection own it; the first that ends closes it for the other.
struct CuttingProxy::Pair {
  Pair(Socket accepted, queue::Executor executor) : client(std::move(accepted)), redis(executor) {}
  void close() {
    boost::system::error_code ignored;
    client.close(ignored);
    redis.close(ignored);
  }
  Socket client;
  Socket redis;
  bool cut = false;
};

CuttingProxy::CuttingProxy(queue::Executor executor, const std::filesystem::path& own_socket,
                           std::filesystem::path redis_socket)
    : executor_(executor),
      acceptor_(executor, Protocol::endpoint(own_socket.string())),
      redis_(std::move(redis_socket)) {
  start(accept());
}

/// A connection that breaks ends what runs on it: nothing to say.
void CuttingProxy::start(Awaitable<void> work) {
  boost::asio::co_spawn(executor_, std::move(work), [](const std::exception_ptr&) {});
}

Awaitable<void> CuttingProxy::accept() {
  for (;;) {
    auto client = co_await acceptor_.async_accept(use_awaitable);
    const auto pair = std::make_shared<Pair>(std::move(client), executor_);
    const Protocol::endpoint redis(redis_.string());
    boost::system::error_code failed;
    pair->redis.connect(redis, failed);
    if (failed) continue;
    start(requests(pair));
    start(answers(pair));
  }
}

Awaitable<void> CuttingProxy::requests(std::shared_ptr<Pair> pair) {
  std::array<char, 65536> bytes{};
  try {
    for (;;) {
      const auto read = co_await pair->client.async_read_some(boost::asio::buffer(bytes), use_awaitable);
      const std::string_view request(bytes.data(), read);
      if (!swallowed_.empty() && request.find(swallowed_) != std::string_view::npos) {
        pair->cut = true;
        swallowed_.clear();
      }
      co_await boost::asio::async_write(pair->redis, boost::asio::buffer(request), use_awaitable);
    }
  } catch (const boost::system::system_error&) {
    pair->close();
  }
}

Awaitable<void> CuttingProxy::answers(std::shared_ptr<Pair> pair) {
  std::array<char, 65536> bytes{};
  try {
    for (;;) {
      const auto read = co_await pair->redis.async_read_some(boost::asio::buffer(bytes), use_awaitable);
      if (pair->cut) break;
      co_await boost::asio::async_write(pair->client, boost::asio::buffer(bytes, read), use_awaitable);
    }
  } catch (const boost::system::system_error&) {
    pair->cut = true;
  }
  pair->close();
}

}  // namespace test
