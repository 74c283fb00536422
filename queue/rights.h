#pragma once

#include <string>
#include <vector>

#include "queue/awaitable.h"

namespace queue {

class RedisClient;

/// What Redis' access control lets our user do, of all that a worker does.
struct Rights {
  std::vector<std::string> refused;  ///< commands, on the queue's keys and channel
  bool all_asked = false;            ///< false: only what does no harm was tried, ACL DRYRUN is not to be had
};

/// Runs nothing that changes anything. Throws QueueUnavailable.
Awaitable<Rights> ask_rights(RedisClient& redis, std::string queue_name);

}  // namespace queue
