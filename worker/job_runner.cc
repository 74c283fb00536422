#include "worker/job_runner.h"

#include <boost/asio/this_coro.hpp>

#include "fhir/listed.h"
#include "worker/concurrency.h"
#include "worker/job_events.h"
#include "worker/output.h"

namespace worker {
namespace {

using fhir::Clock;
using queue::Verdict;

/// The record shows progress at most four times a second while something moves, and at least once (Redis contract).
constexpr auto tick = std::chrono::milliseconds(250);
constexpr auto longest_silence = std::chrono::seconds(1);
/// A worker that is shutting down leaves to the lease what Redis does not take soon.
constexpr auto patience_while_draining = std::chrono::seconds(3);

/// Throws LeaseLost when the lease is over by our own clock.
Awaitable<void> end_of(Lease lease) {
  const auto executor = co_await boost::asio::this_coro::executor;
  fhir::Timer timer(executor, lease.ends());
  co_await timer.async_wait(fhir::use_awaitable);
  throw queue::LeaseLost();
}

Awaitable<void> pause(Clock::duration time) {
  const auto executor = co_await boost::asio::this_coro::executor;
  fhir::Timer timer(executor, time);
  co_await timer.async_wait(fhir::use_awaitable);
}

/// The field that is wrong, and not what it says.
std::string reason_for_log(const fhir::ParseError& error) {
  return "not a valid job, see the error in its record: " + error.reason.substr(0, error.reason.find(':'));
}

std::string reason_for_log(const queue::Counts& counts) {
  if (counts.failed == 0) return {};
  return std::to_string(counts.failed) + " of " + std::to_string(counts.total) + " resources could not be updated";
}

AttemptEnd end_in(queue::JobState state) {
  switch (state) {
    case queue::JobState::completed:
      return AttemptEnd::completed;
    case queue::JobState::failed:
      return AttemptEnd::failed;
    case queue::JobState::cancelled:
      return AttemptEnd::cancelled;
    case queue::JobState::scheduled:
      return AttemptEnd::again;
    case queue::JobState::queued:
    case queue::JobState::running:
      break;
  }
  return AttemptEnd::handed_back;
}

Verdict completed_or_failed(const Request& request, const Progress& progress, std::vector<std::string> settled_debts) {
  Verdict verdict;
  verdict.progress = progress.final_report();
  if (progress.counts().failed > 0) {
    verdict.kind = Verdict::Kind::failed;
    verdict.error = failure_of(verdict.progress);
  } else {
    verdict.kind = Verdict::Kind::completed;
    verdict.output = output_of(request, progress.counts());
    verdict.removed = std::move(settled_debts);
  }
  return verdict;
}

}  // namespace

JobRunner::JobRunner(queue::JobQueue& queue, fhir::Client& client, ServerHealth& health, service::VitalSigns& signs,
                     Options options)
    : queue_(queue), client_(client), health_(health), signs_(signs), options_(options) {}

void JobRunner::change(config::Verify verify, Propagation::Limits limits) {
  options_.verify = verify;
  options_.limits = limits;
}

Awaitable<void> JobRunner::run(queue::Job job) {
  co_await run_and_settle(std::move(job));
  // Settling is deaf to cancellation; whoever runs the next job on this coroutine must not be.
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
}

Awaitable<void> JobRunner::run_and_settle(queue::Job job) {
  log_claimed(job);
  service::VitalSign sign(signs_, "the lease of a running job", job.id);
  auto request = parse_request(job, options_.verify);
  if (!request) {
    Verdict invalid;
    invalid.kind = Verdict::Kind::failed;
    invalid.error = request.error().reason;
    invalid.progress.counts.written = job.written_before;
    co_await settle(std::move(job), std::move(invalid), reason_for_log(request.error()), sign);
    co_return;
  }
  RunningAttempt running;
  const fhir::Listed listed(running_, running);
  Progress progress(request->dry_run, job.written_before, &tally_.outcomes);
  std::vector<std::string> settled_debts;
  const std::exception_ptr failure = co_await attempt(job, *request, running, progress, settled_debts, sign);

  // Asked, not guessed from an error code: whoever cancels us wants the job handed back, and that must still be said.
  const auto state = co_await boost::asio::this_coro::cancellation_state;
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  if (state.cancelled() != boost::asio::cancellation_type::none) ask_all(StopReason::draining);

  if (const auto outage = outage_in(failure)) health_.report(*outage, false);
  std::optional<Verdict> verdict;
  if (!failure) {
    verdict = completed_or_failed(*request, progress, std::move(settled_debts));
  } else {
    verdict = verdict_on(failure, running.reason(), job.attempt, random_, options_.backoff);
    if (verdict) verdict->progress = progress.final_report();
  }
  if (!verdict) {
    note_end(job, AttemptEnd::lost, progress.counts(), {});
    co_return;
  }
  if (running.stop().abandoned_a_write()) {
    // It may land after the next job of the line has begun. The lease keeps that job waiting for a while.
    note_end(job, AttemptEnd::left, progress.counts(), "a PATCH was cut off and may still land");
    co_return;
  }
  const bool of_ours = verdict->kind == Verdict::Kind::handed_back || verdict->kind == Verdict::Kind::cancelled;
  std::string why = of_ours ? verdict->error : failure ? reason_for_log(failure) : reason_for_log(progress.counts());
  co_await settle(std::move(job), std::move(*verdict), std::move(why), sign);
}

/// What ended the attempt early, or nothing.
Awaitable<std::exception_ptr> JobRunner::attempt(queue::Job job, Request request, RunningAttempt& running,
                                                 Progress& progress, std::vector<std::string>& settled_debts,
                                                 service::VitalSign& sign) {
  std::exception_ptr failure;
  Propagation propagation(client_, queue_, job, std::move(request), options_.limits, next_share_++, progress,
                          running.stop());
  try {
    co_await guarded(propagation.run(), keep_lease(job, running, progress, sign));
    settled_debts = propagation.settled_debts();
  } catch (...) {
    failure = std::current_exception();
  }
  co_return failure;
}

/// Renews the lease with the progress in it; throws LeaseLost when it is lost or over.
Awaitable<void> JobRunner::keep_lease(queue::Job job, RunningAttempt& running, const Progress& progress,
                                      service::VitalSign& sign) {
  Lease lease(options_.lease, job.asked);
  for (;;) {
    running.stop().ends_at(lease.ends());
    const auto asked = Clock::now();
    const std::uint64_t reported = progress.revision();
    const std::optional<queue::Standing> standing = co_await guarded(beat(job, progress.report()), end_of(lease));
    sign.moved();
    if (standing == queue::Standing::lost) throw queue::LeaseLost();
    if (standing) lease.renewed(asked);
    if (standing == queue::Standing::cancel_requested) running.ask(StopReason::cancelled);
    running.stop().ends_at(lease.ends());

    co_await pause(tick);
    while (progress.revision() == reported && Clock::now() + tick <= asked + longest_silence) co_await pause(tick);
  }
}

/// Nothing when Redis could not be asked.
Awaitable<std::optional<queue::Standing>> JobRunner::beat(queue::Job job, queue::Progress progress) {
  std::optional<queue::Standing> standing;
  try {
    standing = co_await queue_.beat(std::move(job), std::move(progress));
  } catch (const queue::QueueUnavailable&) {
    standing.reset();  // the queue reports its own trouble; our lease's end bounds how long we go on without it
  }
  co_return standing;
}

/// Says how the attempt ended, through an outage of Redis as long as that could still be the first word on it.
Awaitable<void> JobRunner::settle(queue::Job job, Verdict verdict, std::string why, service::VitalSign& sign) {
  const auto began = Clock::now();
  bool lost = false;
  std::optional<queue::JobState> state;
  for (;;) {
    state = co_await try_to_settle(job, verdict, lost);
    sign.moved();
    const auto patience = draining_ ? Clock::duration(patience_while_draining) : options_.lease * 4;
    if (state || lost || Clock::now() - began >= patience) break;
    co_await pause(tick);
  }
  const queue::Counts& counts = verdict.progress.counts;
  if (state)
    note_end(job, end_in(*state), counts, why);
  else if (lost)
    note_end(job, AttemptEnd::lost, counts, {});
  else
    note_end(job, AttemptEnd::left, counts, "Redis cannot be told how it ended");
}

void JobRunner::note_end(const queue::Job& job, AttemptEnd end, const queue::Counts& counts, std::string_view why) {
  ++tally_.attempts[static_cast<std::size_t>(end)];
  tally_.attempt_time.add(Clock::now() - job.asked);
  log_attempt_end(job, end, counts, why);
}

Awaitable<std::optional<queue::JobState>> JobRunner::try_to_settle(queue::Job job, Verdict verdict, bool& lost) {
  std::optional<queue::JobState> state;
  try {
    state = co_await queue_.settle(std::move(job), std::move(verdict));
  } catch (const queue::LeaseLost&) {
    lost = true;
  } catch (const queue::QueueUnavailable&) {
    state.reset();  // asked again by settle(): settling is idempotent
  }
  co_return state;
}

void JobRunner::ask_all(StopReason reason) {
  if (reason == StopReason::draining) draining_ = true;
  for (RunningAttempt* running : running_) running->ask(reason);
}

}  // namespace worker
