#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "queue/job_queue.h"
#include "queue/redis_client.h"

namespace queue {

/// JobQueue on our own keys, the layout of the Redis contract: one Lua script a move.
class RedisJobQueue : public JobQueue {
 public:
  struct Options {
    std::string name = "set-accounts";
    std::chrono::milliseconds lease = std::chrono::seconds(15);
    std::chrono::milliseconds keep_finished = std::chrono::hours(7 * 24);
    int max_attempts = 10;  ///< for jobs that bring none
    std::string worker_id;  ///< shown in records; made unique by a random part that is added
    /// Told once why Redis refuses a move (out of memory, no permission), and once (empty) that it no longer does.
    RedisClient::OnTrouble on_trouble;
    /// Told each time run() has tried something, well or badly: it moves.
    std::function<void()> on_try;
  };
  RedisJobQueue(RedisClient& redis, Options options);
  ~RedisJobQueue() override;

  /// The whole, unique one.
  const std::string& worker_id() const;

  /// For jobs that are taken in, and that end, from now on.
  void change(std::chrono::milliseconds keep_finished, int max_attempts);

  Awaitable<void> run() override;
  Awaitable<std::optional<Job>> take() override;
  void stop_taking() override;
  void resume_taking() override;
  Awaitable<Standing> beat(Job job, Progress progress) override;
  Awaitable<std::vector<std::string>> owe(Job job, std::vector<std::string> leaving) override;
  Awaitable<std::vector<std::string>> owed(std::string target) override;
  Awaitable<JobState> settle(Job job, Verdict verdict) override;
  Awaitable<bool> drained() override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace queue
