#pragma once

#include <filesystem>
#include <string>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "queue/awaitable.h"

namespace test {

/// Stands between clients and a Redis, on a unix socket of its own, and can cut a connection at the worst moment. Must
/// live as long as its io_context runs.
class CuttingProxy {
 public:
  CuttingProxy(queue::Executor executor, const std::filesystem::path& own_socket, std::filesystem::path redis_socket);

  /// The next request that has this text in it still reaches Redis, but its connection is closed instead of answering.
  void swallow_answer_to(std::string text) { swallowed_ = std::move(text); }
  /// Whether it has come.
  bool swallowed() const { return swallowed_.empty(); }

 private:
  using Protocol = boost::asio::local::stream_protocol;
  using Socket = boost::asio::basic_stream_socket<Protocol, queue::Executor>;
  struct Pair;

  queue::Awaitable<void> accept();
  queue::Awaitable<void> requests(std::shared_ptr<Pair> pair);
  queue::Awaitable<void> answers(std::shared_ptr<Pair> pair);
  void start(queue::Awaitable<void> work);

  queue::Executor executor_;
  boost::asio::basic_socket_acceptor<Protocol, queue::Executor> acceptor_;
  std::filesystem::path redis_;
  std::string swallowed_;
};

}  // namespace test
