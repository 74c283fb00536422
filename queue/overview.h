#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "queue/awaitable.h"

namespace queue {

class RedisClient;

/// A queue at one moment, by Redis' own clock.
struct Overview {
  std::map<std::string, std::int64_t> jobs;  ///< by state: the live ones as they are, the others since the beginning
  std::int64_t inbox = 0;                    ///< entries that nobody has taken in yet
  std::int64_t workers = 0;                  ///< that were heard of in the last half a minute
  bool paused = false;
  /// How long the job that waits longest could have run by now; empty where none waits.
  std::optional<std::chrono::milliseconds> longest_wait;
  std::int64_t now = 0;        ///< ms since 1970, by which all times of records are
  std::int64_t unaudited = 0;  ///< endings of jobs that no audit line was written of yet
};

/// Throws QueueUnavailable. Looks at no more than 100 jobs, however many there are.
Awaitable<Overview> look_over(RedisClient& redis, std::string prefix);

}  // namespace queue
