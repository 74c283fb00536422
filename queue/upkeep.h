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
  /// Whoever wants to know how it goes.
  struct Listeners {
    std::function<void(const std::string& why)> on_trouble;
    std::function<void()> on_try;  ///< told after each step, well or badly
  };
  Upkeep(RedisClient& redis, Moves& moves, Claims& claims, std::chrono::milliseconds lease, Listeners listeners);

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
  void tried() const;
  void troubled(const std::string& why);
  Clock::duration about(Clock::duration time);

  RedisClient& redis_;
  Moves& moves_;
  Claims& claims_;
  std::chrono::milliseconds lease_;
  Listeners listeners_;
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
