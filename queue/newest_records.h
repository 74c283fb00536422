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

/// Those of the ids whose job is in the state, or has a record at all; in their order. Throws QueueUnavailable.
Awaitable<std::vector<std::string>> ids_in_state(RedisClient& redis, std::string prefix, std::optional<JobState> state,
                                                 std::vector<std::string> ids);
/// Of those ids that still have one. Throws QueueUnavailable.
Awaitable<std::vector<Record>> read_records(RedisClient& redis, std::string prefix, std::vector<std::string> ids);

}  // namespace queue
