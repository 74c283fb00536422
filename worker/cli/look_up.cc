#include "worker/cli/look_up.h"

#include "config/bad_usage.h"
#include "fhir/reference.h"
#include "worker/printable.h"

namespace worker::cli {

queue::Awaitable<std::optional<queue::Record>> look_up(std::string id, Session& session) {
  auto record = co_await session.records.find(id);
  if (record) co_return record;
  const bool waits = co_await session.records.in_inbox(id);
  if (waits) co_return std::nullopt;
  // It may have been taken in between the two questions.
  record = co_await session.records.find(id);
  if (!record) throw NoSuchJob(id);
  co_return record;
}

bool is_final(queue::JobState state) {
  switch (state) {
    case queue::JobState::queued:
    case queue::JobState::scheduled:
    case queue::JobState::running:
      return false;
    case queue::JobState::completed:
    case queue::JobState::failed:
    case queue::JobState::cancelled:
      return true;
  }
  return true;
}

void check_job_id(const std::string& id) {
  if (!fhir::is_id(id))
    throw config::BadUsage("JOB: " + config::not_allowed(printable(id), "a job's id, as enqueue printed it"));
}

}  // namespace worker::cli
