#pragma once

#include "queue/awaitable.h"
#include "queue/redis_client.h"
#include "tests/chaos/evidence.h"

namespace chaos {

/// Whether no entry waits and no job is live.
queue::Awaitable<bool> is_drained(queue::RedisClient& redis);
/// Reads what is left in Redis into the evidence.
queue::Awaitable<void> inspect(queue::RedisClient& redis, Evidence& evidence);

}  // namespace chaos
