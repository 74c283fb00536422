#include "worker/cli/watch.h"

#include <algorithm>
#include <ostream>
#include <stdexcept>

#include "worker/cli/display.h"
#include "worker/cli/failures.h"
#include "worker/cli/look_up.h"
#include "worker/cli/patience.h"
#include "worker/cli/rate.h"
#include "worker/cli/wait.h"

namespace worker::cli {
namespace {

constexpr std::size_t failures_shown = 10;

Progress redis_away(const queue::QueueUnavailable& trouble) {
  return {.title = "Redis does not answer", .unit = {}, .details = {trouble.what()}};
}

/// Shows the job until its record is final.
queue::Awaitable<queue::Record> follow(std::string id, Display& display, Session& session) {
  Rate rate;
  Patience patience;
  bool seen = false;
  for (;;) {
    try {
      const auto record = co_await look_up(id, session);
      patience.answered();
      if (record && is_final(record->state())) co_return *record;
      if (record) rate.saw(resources_done(*record), Rate::Clock::now());
      display.show(record ? progress_of(*record, rate.per_second()) : waiting_in_inbox());
      seen = true;
    } catch (const queue::QueueUnavailable& trouble) {
      if (!seen || patience.lost(Patience::Clock::now())) throw;
      display.show(redis_away(trouble));
    } catch (const NoSuchJob&) {
      if (!seen) throw;
      throw std::runtime_error("the record of job " + id + " is gone: it expired or was deleted, its end is unknown");
    }
    co_await wait_for(between_looks);
  }
}

/// Counts since `before`.
std::uint64_t since(const BatchCounts& before, const BatchCounts& now, const std::string& name) {
  const std::uint64_t earlier = number_in(before, name);
  return std::max(number_in(now, name), earlier) - earlier;
}

bool has_ended(const BatchCounts& now, std::uint64_t expected) {
  return number_in(now, "jobs") >= expected && jobs_ended(now) >= number_in(now, "jobs");
}

queue::Awaitable<BatchCounts> follow_batch(std::string name, std::uint64_t expected, Display& display,
                                           Session& session) {
  Patience patience;
  bool seen = false;
  for (;;) {
    try {
      const BatchCounts now = co_await batch_now(name, session);
      patience.answered();
      if (now.empty() && (seen || expected == 0)) throw NoSuchBatch(name);
      if (!now.empty() && has_ended(now, expected)) co_return now;
      seen = seen || !now.empty();
      display.show(progress_of(now, expected));
    } catch (const queue::QueueUnavailable& trouble) {
      if (patience.lost(Patience::Clock::now())) throw;
      display.show(redis_away(trouble));
    }
    co_await wait_for(between_looks);
  }
}

}  // namespace

queue::Awaitable<int> watch_job(std::string id, Session& session) {
  session.if_interrupted = "the job goes on (set-accounts status " + id + " --watch)";
  Display display(session);
  const queue::Record record = co_await follow(id, display, session);
  display.end_with(summary_of(record));
  const std::vector<std::string> failures = co_await session.records.failures(id);
  session.out << text_of_failures(failures, failures_shown);
  co_return record.state() == queue::JobState::completed ? 0 : 1;
}

queue::Awaitable<int> watch_batch(std::string name, Awaited awaited, Session& session) {
  session.if_interrupted = "the jobs go on (set-accounts status --batch " + name + " --watch)";
  Display display(session);
  const std::uint64_t expected = number_in(awaited.before, "jobs") + awaited.added;
  const BatchCounts now = co_await follow_batch(name, expected, display, session);
  display.end_with(summary_of(now));
  const bool all_well = since(awaited.before, now, "failed") == 0 && since(awaited.before, now, "cancelled") == 0;
  if (!all_well) session.out << "which and why: set-accounts jobs --state failed\n";
  co_return all_well ? 0 : 1;
}

queue::Awaitable<BatchCounts> batch_now(std::string name, Session& session) {
  if (name.empty()) co_return BatchCounts();
  const BatchCounts counts = co_await session.records.batch(name);
  co_return counts;
}

}  // namespace worker::cli
