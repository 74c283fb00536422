#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "worker/http/server.h"

namespace test {

/// A server in a thread of its own, at a port that was free.
class RunningServer {
 public:
  explicit RunningServer(worker::http::Handler handler, worker::http::Limits limits = {}, config::Http settings = {});
  /// Aborts what is open.
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  std::uint16_t port() const { return port_; }
  worker::http::ServerCounts counts();
  /// Whether that holds of its counts within a generous limit.
  bool until(const std::function<bool(const worker::http::ServerCounts&)>& holds);
  /// Server::finish; ready when it is over.
  std::future<void> finish(std::chrono::milliseconds limit);
  /// In its thread.
  void run(const std::function<void()>& what);

 private:
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<fhir::Executor> stays_;
  std::unique_ptr<worker::http::Server> server_;
  boost::asio::cancellation_signal end_;
  std::promise<void> over_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

/// Answers with what was asked: method, path, query, body.
worker::Awaitable<worker::http::Response> echo(worker::http::Request request);

}  // namespace test
