#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "queue/job_queue.h"
#include "queue/redis_client.h"
#include "tests/support/run.h"

namespace test {

using namespace std::chrono_literals;

/// A client of whatever Redis a URL leads to, and what it tells of its troubles.
class Linked {
 public:
  explicit Linked(const config::Redis& settings)
      : client(io.get_executor(), settings, [this](const std::string& why) { told.push_back(why); }) {}
  explicit Linked(const std::string& url) : Linked(settings_for(url)) {}

  static config::Redis settings_for(const std::string& url) {
    config::Redis settings;
    settings.url = url;
    settings.queue = "q";
    return settings;
  }

  queue::Reply ask(const queue::Command& command, std::chrono::milliseconds limit = 5s) {
    return run(io, client.execute(command, limit));
  }
  /// What it answers, or why it does not.
  std::string text(const queue::Command& command, std::chrono::milliseconds limit = 5s) {
    try {
      const auto reply = ask(command, limit);
      return reply.text;
    } catch (const queue::QueueUnavailable& unavailable) {
      return unavailable.what();
    }
  }
  /// Asks until Redis answers, as a worker does. Throws std::runtime_error after a minute.
  queue::Reply ask_at_last(const queue::Command& command) {
    const auto until = std::chrono::steady_clock::now() + 60s;
    for (;;) {
      try {
        auto reply = ask(command);
        if (!reply.is_error()) return reply;
        if (std::chrono::steady_clock::now() > until) throw std::runtime_error("refused: " + reply.text);
      } catch (const queue::QueueUnavailable& unavailable) {
        if (std::chrono::steady_clock::now() > until) throw std::runtime_error(unavailable.what());
      }
    }
  }

  boost::asio::io_context io;
  std::vector<std::string> told;
  queue::RedisClient client;
};

}  // namespace test
