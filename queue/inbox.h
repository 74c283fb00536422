#pragma once

#include <string>

#include "queue/awaitable.h"

namespace queue {

class RedisClient;

/// Whether an entry for this job still waits in the stream `inbox`: under the id that Redis gave it, or with its own.
/// Throws QueueUnavailable.
Awaitable<bool> inbox_has(RedisClient& redis, std::string inbox, std::string job_id);

}  // namespace queue
