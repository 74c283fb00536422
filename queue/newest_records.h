#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "queue/awaitable.h"
#include "queue/records.h"

namespace queue {

/// The newest jobs of one state or of all, newest first. Throws QueueUnavailable.
Awaitable<std::vector<Record>> newest_records(RedisClient& redis, std::string prefix, std::optional<JobState> state,
                                              std::size_t limit);

}  // namespace queue
