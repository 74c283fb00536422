#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "queue/awaitable.h"

namespace queue {

class RedisClient;

/// Whether an entry for this job still waits in the stream `inbox`: under the id that Redis gave it, or with its own.
/// Throws QueueUnavailable.
Awaitable<bool> inbox_has(RedisClient& redis, std::string inbox, std::string job_id);

struct WaitingEntry {
  std::string id;                                          ///< of the entry
  std::map<std::string, std::string, std::less<>> fields;  ///< the values of repeated ones joined by commas
};
/// The job's entry, if it still waits in the stream `inbox`; nothing for a command's. One with an own id is looked for
/// among the first `most` entries: throws QueueUnavailable if there are more.
Awaitable<std::optional<WaitingEntry>> waiting_entry(RedisClient& redis, std::string inbox, std::string job_id,
                                                     std::size_t most);

}  // namespace queue
