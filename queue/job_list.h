#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "queue/awaitable.h"
#include "queue/records.h"

namespace queue {

/// Which jobs, and in which order.
enum class Which {
  all,        ///< the newest first
  queued,     ///< the one that waits longest first
  scheduled,  ///< the one that is due first
  running,    ///< as their leases end
  finished,   ///< the one that ended last first, as long as all are kept for the same time
  completed,
  failed,
  cancelled,
};

struct JobList {
  std::vector<Record> records;
  /// Whether there may be more of them: the limit was reached, or the search was given up after looking at so many
  /// others.
  bool more = false;
};

/// At most `limit` of them, for somebody who only looks: reads the index of their state, so that a million other jobs
/// cost nothing, and looks at a few thousand finished ones at most for those that ended as asked. Throws
/// QueueUnavailable.
Awaitable<JobList> list_jobs(RedisClient& redis, std::string queue_name, Which which, std::size_t limit);

}  // namespace queue
