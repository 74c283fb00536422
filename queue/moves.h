#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "queue/awaitable.h"
#include "queue/job_queue.h"
#include "queue/redis_job_queue.h"

namespace queue {

/// The moves of a queue as typed calls, one a script; what each leaves behind stands in the head of its script.
/// All throw QueueUnavailable; those that write for a job throw LeaseLost for a former holder, but renew(), which says
/// it.
class Moves {
 public:
  /// `options.worker_id` is the whole, unique one.
  Moves(RedisClient& redis, RedisJobQueue::Options options);

  static constexpr std::int64_t most_entries = 100;  ///< that one take_in() takes
  struct TakenIn {
    std::int64_t entries = 0;
    std::int64_t scheduled = 0;
  };
  Awaitable<TakenIn> take_in();

  struct Claim {
    std::string last_wake;  ///< XREAD from here tells of what became ready after this claim looked
    std::optional<Job> job;
  };
  /// The same token again when the answer of the first call was lost: answers the job that it gave.
  Awaitable<Claim> claim(std::string token);

  Awaitable<Standing> renew(Job job, Progress progress);
  Awaitable<std::vector<std::string>> owe(Job job, std::vector<std::string> leaving);
  Awaitable<JobState> settle(Job job, Verdict verdict);

  struct Promoted {
    std::optional<std::chrono::milliseconds> next_due;  ///< from now; empty if none is scheduled
    std::int64_t redis_time = 0;
  };
  Awaitable<Promoted> promote();
  struct Swept {
    std::int64_t jobs = 0;                              ///< that were taken away
    std::optional<std::chrono::milliseconds> next_end;  ///< of a lease, from now; empty if no job runs
  };
  /// `asked_at`: Redis' time by the answer just before. A sweep that reaches a Redis that stood still much later than
  /// it was meant does nothing.
  Awaitable<Swept> sweep(std::int64_t asked_at);
  static constexpr std::int64_t most_expired = 200;  ///< that one expire() looks at
  /// How many it looked at.
  Awaitable<std::int64_t> expire();
  Awaitable<bool> drained();

  /// For jobs that are taken in, and that end, from now on.
  void change(std::chrono::milliseconds keep_finished, int max_attempts) {
    options_.keep_finished = keep_finished;
    options_.max_attempts = max_attempts;
  }
  const std::string& prefix() const { return prefix_; }

 private:
  RedisClient& redis_;
  RedisJobQueue::Options options_;
  std::string prefix_;
};

}  // namespace queue
