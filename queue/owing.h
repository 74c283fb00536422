#pragma once

#include <string>
#include <vector>

#include "queue/awaitable.h"
#include "queue/job.h"
#include "queue/redis_protocol.h"

namespace queue {

class RedisClient;

/// Runs the script `owe` and waits until Redis acknowledges that what it wrote is durable, as far as this Redis can.
/// Answers what the script does. Throws QueueUnavailable without that acknowledgement: the accounts may be known or
/// not.
Awaitable<Reply> owe_durably(RedisClient& redis, std::string prefix, Job job, std::vector<std::string> leaving);

}  // namespace queue
