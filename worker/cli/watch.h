#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

#include "queue/awaitable.h"
#include "worker/cli/job_progress.h"
#include "worker/cli/session.h"

namespace worker::cli {

/// Shows a job's progress until it ended, then how; 0 if it completed, else 1. Throws for a job that is not there, or
/// no longer.
queue::Awaitable<int> watch_job(std::string id, Session& session);

struct NoSuchBatch : std::runtime_error {
  explicit NoSuchBatch(const std::string& name)
      : std::runtime_error("there is no batch " + name +
                           ": its entries still wait in the inbox for a worker, or it never was, or all its jobs have "
                           "expired") {}
};

/// What is awaited of a batch: jobs that somebody just added to what it had before.
struct Awaited {
  BatchCounts before;
  std::size_t added = 0;
};
/// The same for a batch; 0 if none of the awaited jobs failed or was cancelled.
queue::Awaitable<int> watch_batch(std::string name, Awaited awaited, Session& session);

/// A batch's counts, empty for one that is not there (and for no name).
queue::Awaitable<BatchCounts> batch_now(std::string name, Session& session);

}  // namespace worker::cli
