#include "queue/redis_job_queue.h"

#include <utility>

#include "queue/claims.h"
#include "queue/keys.h"
#include "queue/moves.h"
#include "queue/scripts.h"
#include "queue/unique_name.h"
#include "queue/upkeep.h"

namespace queue {
namespace {

RedisJobQueue::Options with_unique_worker(RedisJobQueue::Options options) {
  options.worker_id += (options.worker_id.empty() ? "" : "-") + random_part();
  return options;
}

}  // namespace

struct RedisJobQueue::Parts {
  Parts(RedisClient& client, const Options& options)
      : redis(client),
        worker_id(options.worker_id),
        moves(client, options),
        claims(moves),
        upkeep(client, moves, claims, options.lease, {options.on_trouble, options.on_try}) {}

  RedisClient& redis;
  std::string worker_id;
  Moves moves;
  Claims claims;
  Upkeep upkeep;
};

RedisJobQueue::RedisJobQueue(RedisClient& redis, Options options)
    : parts_(std::make_unique<Parts>(redis, with_unique_worker(std::move(options)))) {}

RedisJobQueue::~RedisJobQueue() = default;

const std::string& RedisJobQueue::worker_id() const {
  return parts_->worker_id;
}

void RedisJobQueue::change(std::chrono::milliseconds keep_finished, int max_attempts) {
  parts_->moves.change(keep_finished, max_attempts);
}

Awaitable<void> RedisJobQueue::run() {
  return parts_->upkeep.run();
}

Awaitable<std::optional<Job>> RedisJobQueue::take() {
  return parts_->claims.take();
}

void RedisJobQueue::stop_taking() {
  parts_->claims.stop();
}

void RedisJobQueue::resume_taking() {
  parts_->claims.resume();
}

Awaitable<Standing> RedisJobQueue::beat(Job job, Progress progress) {
  try {
    const auto standing = co_await parts_->moves.renew(std::move(job), std::move(progress));
    parts_->claims.renewals_fail(false);
    co_return standing;
  } catch (const QueueUnavailable&) {
    parts_->claims.renewals_fail(true);
    throw;
  }
}

Awaitable<std::vector<std::string>> RedisJobQueue::owe(Job job, std::vector<std::string> leaving) {
  return parts_->moves.owe(std::move(job), std::move(leaving));
}

Awaitable<std::vector<std::string>> RedisJobQueue::owed(std::string target) {
  auto owed = co_await members_of(parts_->redis, owed_key(parts_->moves.prefix(), target));
  co_return owed;
}

Awaitable<JobState> RedisJobQueue::settle(Job job, Verdict verdict) {
  return parts_->moves.settle(std::move(job), std::move(verdict));
}

Awaitable<bool> RedisJobQueue::drained() {
  return parts_->moves.drained();
}

}  // namespace queue
