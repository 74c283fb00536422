#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>

#include "config/settings.h"
#include "queue/awaitable.h"
#include "queue/redis_health.h"
#include "queue/redis_session.h"
#include "queue/redis_whereabouts.h"
#include "queue/tally.h"

namespace queue {

/// Always has a session for the next command: the present one, or a new one when that broke or leads to a server that
/// the queue has left.
class RedisLink : public RedisSession::Watcher {
 public:
  /// `may_block`: as RedisSession takes it.
  using OnSilence = std::function<void(const std::string& why)>;
  RedisLink(Executor executor, const config::Redis& settings, std::shared_ptr<RedisWhereabouts> whereabouts,
            bool may_block, RedisHealth& health, Tally& tally, OnSilence on_silence);
  ~RedisLink() override;
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  /// Throws QueueUnavailable once the link was closed.
  std::shared_ptr<RedisSession> session();
  /// Breaks the session if it is open; the next one is made when it is needed.
  void drop(const std::string& why);
  /// For good.
  void close();

  std::uint64_t opened_so_far() const { return opened_; }
  /// Of the present session's server.
  RedisAddress address() const { return session_ ? session_->address() : RedisAddress(); }

 private:
  void opened() override {
    ++opened_;
    ++tally_.connections;
  }
  void answered() override { health_.good(); }
  void replied(Clock::duration time) override {
    if (!may_block_) tally_.round_trip.add(time);
  }
  void unusable(const std::string& why) override { health_.bad(why); }
  void fell_silent(const std::string& why) override;
  void begin();
  std::chrono::milliseconds pause();

  Executor executor_;
  const config::Redis& settings_;
  std::shared_ptr<RedisWhereabouts> whereabouts_;
  bool may_block_;
  RedisHealth& health_;
  Tally& tally_;
  OnSilence on_silence_;
  std::shared_ptr<RedisSession> session_;
  bool closed_ = false;
  int failures_ = 0;
  std::uint64_t opened_ = 0;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace queue
