#pragma once

#include <map>
#include <string>

#include "queue/job_queue.h"
#include "queue/redis_client.h"
#include "worker/finding.h"

namespace worker {

/// What a Redis says of itself: the fields of INFO, and of CONFIG what it lets us see.
struct RedisFacts {
  std::map<std::string, std::string, std::less<>> info;
  std::map<std::string, std::string, std::less<>> config;  ///< empty: CONFIG is not allowed
};

/// What of it matters to a queue: version, eviction, what a crash would lose, whether it takes writes.
Findings judge(const RedisFacts& facts);
/// Those of them about jobs that it may lose.
Findings judge_safety(const RedisFacts& facts);

/// INFO is not allowed to our user.
struct InfoRefused : queue::QueueUnavailable {
  using queue::QueueUnavailable::QueueUnavailable;
};

/// Throws InfoRefused and queue::QueueUnavailable.
queue::Awaitable<RedisFacts> ask(queue::RedisClient& redis);

}  // namespace worker
