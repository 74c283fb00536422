#include <ostream>
#include <stdexcept>
#include <utility>

#include "worker/cli/commands.h"
#include "worker/cli/look_up.h"
#include "worker/cli/wait.h"
#include "worker/printable.h"

namespace worker::cli {
namespace {

constexpr int looks_at_most = 12;

bool can_be_retried(queue::JobState state) {
  return state == queue::JobState::failed || state == queue::JobState::cancelled;
}

/// Throws what the user has to know unless the job can be retried.
queue::Record ended_badly(const std::string& id, std::optional<queue::Record> record) {
  if (!record) throw std::runtime_error("job " + id + " has not begun: it waits for a worker");
  if (!can_be_retried(record->state()))
    throw std::runtime_error("job " + id + " is " + std::string(name_of(record->state())) +
                             "; only failed and cancelled jobs can be retried");
  return *std::move(record);
}

/// Whether the record shows that a worker carried the request out: a retried job has ended anew, or not yet.
bool is_retried(const queue::Record& before, const queue::Record& now) {
  return !can_be_retried(now.state()) || now.field("finishedAt") != before.field("finishedAt");
}

/// A job that has ended changes no more by itself: a worker looked at the request and wrote why it will not be.
bool is_refused(const queue::Record& before, const queue::Record& now) {
  return now.field("updatedAt") != before.field("updatedAt") || now.field("error") != before.field("error");
}

/// A refusal of an earlier request, the same as the one that would be written again.
bool was_refused_before(const queue::Record& record) {
  return record.field("error").starts_with("retry refused");
}

queue::Awaitable<int> retry(std::string id, Session& session) {
  auto found = co_await look_up(id, session);
  const queue::Record before = ended_badly(id, std::move(found));
  co_await session.producer.retry(id);
  for (int looks = 0; looks < looks_at_most; ++looks) {
    co_await wait_for(between_looks);
    const auto now = co_await look_up(id, session);
    if (!now) continue;
    if (is_retried(before, *now)) {
      session.out << "retried; by now it is " << name_of(now->state()) << '\n';
      co_return 0;
    }
    if (is_refused(before, *now)) throw std::runtime_error(printable(now->field("error")));
  }
  if (was_refused_before(before)) throw std::runtime_error(printable(before.field("error")));
  session.out << "retry requested, but no worker is running: it joins its line when one takes the inbox in\n";
  co_return 0;
}

}  // namespace

Errand prepare(const config::Retry& asked) {
  check_job_id(asked.job);
  return [asked](Session& session) { return retry(asked.job, session); };
}

}  // namespace worker::cli
