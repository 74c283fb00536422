#pragma once

#include <map>
#include <string>

#include "queue/redis_client.h"
#include "worker/cli/finding.h"

namespace worker::cli {

/// What a Redis says of itself: the fields of INFO, and of CONFIG what it lets us see.
struct RedisFacts {
  std::map<std::string, std::string, std::less<>> info;
  std::map<std::string, std::string, std::less<>> config;  ///< empty: CONFIG is not allowed
};

/// What of it matters to a queue: version, eviction, what a crash would lose.
Findings judge(const RedisFacts& facts);

/// Throws queue::QueueUnavailable.
queue::Awaitable<RedisFacts> ask(queue::RedisClient& redis);

}  // namespace worker::cli
