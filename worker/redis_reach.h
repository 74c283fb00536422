#pragma once

#include "queue/redis_place.h"
#include "queue/rights.h"
#include "worker/redis_findings.h"

namespace worker {

/// How Redis is reached, who takes over from it and what of that matters: what a failover may lose, whether others can
/// read along, what our user may do.
Findings judge_reach(const queue::RedisPlace& place, const queue::Rights& rights, const RedisFacts& facts);

}  // namespace worker
