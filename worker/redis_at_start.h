#pragma once

#include "queue/redis_client.h"
#include "worker/awaitable.h"

namespace worker {

/// Waits until Redis answers, and logs a warning for each way in which it may lose jobs; no more than that it could not
/// be looked at where it does not tell.
Awaitable<void> warn_of_redis(queue::RedisClient& redis);

}  // namespace worker
