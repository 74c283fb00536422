#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "queue/clock.h"

namespace queue {

/// Tells why Redis cannot be used, once, and (empty) that it can again. Another reason for a trouble that lasts is told
/// too, though not in quick succession: what was true at first may mislead whoever looks an hour later.
class RedisHealth {
 public:
  using OnTrouble = std::function<void(const std::string& why)>;
  explicit RedisHealth(OnTrouble on_trouble) : on_trouble_(std::move(on_trouble)) {}

  void bad(const std::string& why, Clock::time_point now = Clock::now()) {
    const bool due = told_.empty() || now - told_at_ >= between_reasons;
    if (due && told_ != why) tell(why, now);
  }
  void good() {
    if (!told_.empty()) tell({}, {});
  }
  void mute() { on_trouble_ = {}; }

 private:
  static constexpr auto between_reasons = std::chrono::seconds(30);

  void tell(const std::string& why, Clock::time_point now) {
    told_ = why;
    told_at_ = now;
    if (on_trouble_) on_trouble_(why);
  }

  OnTrouble on_trouble_;
  std::string told_;
  Clock::time_point told_at_;
};

}  // namespace queue
