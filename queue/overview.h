#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "queue/awaitable.h"

namespace queue {

class RedisClient;

/// What can be said of a queue as a whole.
struct Overview {
  std::map<std::string, std::string> stats;  ///< HGETALL {Q}:stats
  std::uint64_t in_inbox = 0;                ///< entries that no worker has taken in
  bool paused = false;
  std::vector<std::string> workers;  ///< by their ids: those that were here within the last minute
  std::int64_t redis_time = 0;       ///< ms since 1970, by Redis' clock as all times of records are
};

/// A few commands at once. Throws QueueUnavailable.
Awaitable<Overview> look_at_queue(RedisClient& redis, std::string queue_name);

}  // namespace queue
