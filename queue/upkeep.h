#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>

#include "queue/claims.h"
#include "queue/moves.h"
#include "queue/redis_time.h"

namespace queue {

/// What every worker does for the whole queue: takes in, promotes, sweeps, forgets; and hears when a job became ready.
class Upkeep {
 public:
  using OnTrouble = std::function<void(const std::string& why)>;
  Upkeep(RedisClient& redis, Moves& moves, Claims& claims, std::chrono::milliseconds lease, OnTrouble on_trouble);

  /// Until cancelled.
  Awaitable<void> run();

 private:
  Awaitable<void> turn();
  Awaitable<bool> listen();
  Awaitable<void> take_in();
  Awaitable<void> promote_and_sweep();
  Awaitable<void> sweep(std::int64_t asked_at);
  Awaitable<void> forget();
  bool may_sweep();
  void troubled(const std::string& why);
  Clock::duration about(Clock::duration time);

  RedisClient& redis_;
  Moves& moves_;
  Claims& claims_;
  std::chrono::milliseconds lease_;
  OnTrouble on_trouble_;
  std::string trouble_;
  int failures_ = 0;
  std::uint64_t connection_ = 0;  ///< on which the last promotion was answered
  RedisTime redis_time_;
  Clock::time_point next_promotion_;
  Clock::time_point next_sweep_;
  Clock::time_point no_sweep_before_;
  Clock::time_point next_forgetting_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace queue
