#include <ostream>
#include <stdexcept>

#include "worker/cli/commands.h"
#include "worker/cli/look_up.h"
#include "worker/cli/wait.h"
#include "worker/printable.h"

namespace worker::cli {
namespace {

constexpr int looks_for_the_end = 12;

void refuse_if_ended(const std::string& id, const std::optional<queue::Record>& record) {
  if (record && is_final(record->state()))
    throw std::runtime_error("job " + id + " has already ended: " + std::string(name_of(record->state())));
}

/// What became of the request so far.
std::string effect(const std::optional<queue::Record>& record) {
  if (!record || record->state() == queue::JobState::queued || record->state() == queue::JobState::scheduled)
    return "cancel requested, but no worker is running: it is taken out when one takes the inbox in";
  if (record->state() == queue::JobState::running)
    return "cancel requested; worker " + printable(record->field("worker")) + " will stop it";
  return "cancelled";
}

queue::Awaitable<int> cancel(std::string id, Session& session) {
  auto record = co_await look_up(id, session);
  refuse_if_ended(id, record);
  co_await session.producer.cancel(id);
  for (int looks = 0; looks < looks_for_the_end; ++looks) {
    co_await wait_for(between_looks);
    record = co_await look_up(id, session);
    if (record && is_final(record->state())) break;
  }
  if (record && record->state() != queue::JobState::cancelled) refuse_if_ended(id, record);
  session.out << effect(record) << '\n';
  co_return 0;
}

}  // namespace

Errand prepare(const config::Cancel& asked) {
  check_job_id(asked.job);
  return [asked](Session& session) { return cancel(asked.job, session); };
}

}  // namespace worker::cli
