#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "queue/event_subscription.h"
#include "tests/queue/links_fixture.h"

namespace test {

/// Listens from its beginning to its end, and keeps what it is told.
class Ear : queue::EventSubscription::Listener {
 public:
  explicit Ear(const config::Redis& settings, queue::EventSubscription::Limits limits = {})
      : subscription_(io.get_executor(), settings, limits) {
    boost::asio::co_spawn(
        io.get_executor(), subscription_.listen(*this),
        boost::asio::bind_cancellation_slot(signal_.slot(), [this](const std::exception_ptr&) { over_ = true; }));
  }
  explicit Ear(const std::string& url, queue::EventSubscription::Limits limits = {})
      : Ear(Linked::settings_for(url), limits) {}
  ~Ear() override {
    signal_.emit(boost::asio::cancellation_type::terminal);
    EXPECT_TRUE(until([this] { return over_; })) << "it listens on though it was cancelled";
  }
  Ear(const Ear&) = delete;
  Ear& operator=(const Ear&) = delete;

  bool until(const std::function<bool()>& holds, std::chrono::milliseconds limit = 30s) {
    const auto end = queue::Clock::now() + limit;
    while (!holds() && queue::Clock::now() < end) {
      io.restart();
      io.run_for(5ms);
    }
    return holds();
  }
  bool until_subscribed(int times) {
    return until([&] { return subscriptions >= times; });
  }
  bool until_heard(const std::string& message) {
    return until([&] { return std::ranges::find(messages, message) != messages.end(); });
  }
  bool until_told(const std::string& part) {
    return until([&] {
      return std::ranges::any_of(reasons,
                                 [&](const std::string& reason) { return reason.find(part) != std::string::npos; });
    });
  }

  boost::asio::io_context io;
  int subscriptions = 0;
  std::vector<std::string> messages;
  std::vector<std::string> reasons;

 private:
  void subscribed() override { ++subscriptions; }
  void heard(std::string message) override { messages.push_back(std::move(message)); }
  void interrupted(const std::string& why) override { reasons.push_back(why); }

  queue::EventSubscription subscription_;
  boost::asio::cancellation_signal signal_;
  bool over_ = false;
};

}  // namespace test
