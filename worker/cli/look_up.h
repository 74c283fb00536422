#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "queue/records.h"
#include "worker/cli/session.h"

namespace worker::cli {

struct NoSuchJob : std::runtime_error {
  explicit NoSuchJob(const std::string& id)
      : std::runtime_error("there is no job " + id + ": it never was, or its record has expired") {}
};

/// A job's record; empty while its entry waits in the inbox. Throws NoSuchJob if there is neither.
queue::Awaitable<std::optional<queue::Record>> look_up(std::string id, Session& session);

bool is_final(queue::JobState state);

/// Throws config::BadUsage if the text cannot be a job's id.
void check_job_id(const std::string& id);

}  // namespace worker::cli
