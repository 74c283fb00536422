#include <array>

#include "worker/http/metrics/told.h"

namespace worker::http {
namespace {

using queue::JobState;

double jobs_in(const queue::Overview& overview, JobState state) {
  const auto found = overview.jobs.find(std::string(name_of(state)));
  return found == overview.jobs.end() ? 0 : static_cast<double>(found->second);
}

std::vector<Sample> by_state(const queue::Overview& overview, std::array<JobState, 3> states) {
  std::vector<Sample> samples;
  samples.reserve(states.size());
  for (const JobState state : states)
    samples.push_back({{{"state", std::string(name_of(state))}}, jobs_in(overview, state)});
  return samples;
}

}  // namespace

void tell_queue(Families& families, const std::optional<queue::Overview>& overview) {
  add_gauge(families, "set_accounts_redis_up", "Whether Redis answered within a second when this was asked for.",
            overview ? 1 : 0);
  if (!overview) return;
  add_gauge(families, "set_accounts_jobs", "Jobs of the queue that are not over, by state.",
            by_state(*overview, {JobState::queued, JobState::scheduled, JobState::running}));
  add_counter(families, "set_accounts_jobs_finished_total", "Jobs of the queue that ended since it began, by state.",
              by_state(*overview, {JobState::completed, JobState::failed, JobState::cancelled}));
  add_gauge(families, "set_accounts_inbox_entries", "Entries of the inbox that no worker has taken in yet.",
            static_cast<double>(overview->inbox));
  const auto wait = overview->longest_wait.value_or(std::chrono::milliseconds(0));
  add_gauge(families, "set_accounts_oldest_waiting_seconds",
            "How long the job that waits longest could have run by now, by Redis' clock; 0 if none waits.",
            std::chrono::duration<double>(wait).count());
  add_gauge(families, "set_accounts_workers", "Workers of the queue that Redis heard of in the last half a minute.",
            static_cast<double>(overview->workers));
  add_gauge(families, "set_accounts_paused", "Whether the queue is paused: running jobs go on, no other begins.",
            overview->paused ? 1 : 0);
  add_gauge(families, "set_accounts_unaudited_jobs", "Jobs that ended and of which no audit line was written yet.",
            static_cast<double>(overview->unaudited));
}

void tell_redis(Families& families, const queue::Tally& tally) {
  add_histogram(families, "set_accounts_redis_round_trip_seconds",
                "From a command given to its reply, the wait for a connection included; blocking commands left out.",
                tally.round_trip);
  add_counter(families, "set_accounts_redis_commands_total", "Commands given to Redis.",
              static_cast<double>(tally.commands));
  add_counter(families, "set_accounts_redis_connections_total",
              "Connections made to Redis; a worker needs three, each one more is a reconnection.",
              static_cast<double>(tally.connections));
  add_counter(families, "set_accounts_redis_refusals_total",
              "Moves of the queue that Redis refused: out of memory, no permission, a key of another type.",
              static_cast<double>(tally.moves_refused));
}

}  // namespace worker::http
