#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <list>
#include <random>

#include "config/settings.h"
#include "fhir/client.h"
#include "queue/job_queue.h"
#include "worker/attempt.h"
#include "worker/awaitable.h"
#include "worker/lease.h"
#include "worker/progress.h"
#include "worker/propagation.h"
#include "worker/request.h"
#include "worker/server_health.h"
#include "worker/service/vital_signs.h"
#include "worker/tally.h"
#include "worker/verdict.h"

namespace worker {

/// Runs attempts: plan, propagate, settle, and keeps each one's lease alive meanwhile. The only place that catches:
/// what went wrong below becomes a verdict here.
class JobRunner {
 public:
  struct Options {
    std::chrono::milliseconds lease = std::chrono::seconds(15);
    config::Verify verify = config::Verify::full;
    Propagation::Limits limits;
    AttemptBackoff backoff;
  };
  JobRunner(queue::JobQueue& queue, fhir::Client& client, ServerHealth& health, service::VitalSigns& signs,
            Options options);

  /// One attempt, from its claim to its settling. Never throws. Cancelled, it aborts what is open and hands the job
  /// back.
  Awaitable<void> run(queue::Job job);

  /// For attempts that begin from now on.
  void change(config::Verify verify, Propagation::Limits limits);

  /// Asks every running attempt to stop gently.
  void ask_all(StopReason reason);

  std::size_t running() const { return running_.size(); }
  /// Jobs that ended failed here.
  std::size_t failed() const { return tally_.attempts[static_cast<std::size_t>(AttemptEnd::failed)]; }
  const Tally& tally() const { return tally_; }

 private:
  Awaitable<void> run_and_settle(queue::Job job);
  Awaitable<std::exception_ptr> attempt(queue::Job job, Request request, RunningAttempt& running, Progress& progress,
                                        std::vector<std::string>& settled_debts, service::VitalSign& sign);
  Awaitable<void> keep_lease(queue::Job job, RunningAttempt& running, const Progress& progress,
                             service::VitalSign& sign);
  Awaitable<std::optional<queue::Standing>> beat(queue::Job job, queue::Progress progress);
  Awaitable<void> settle(queue::Job job, queue::Verdict verdict, std::string why, service::VitalSign& sign);
  Awaitable<std::optional<queue::JobState>> try_to_settle(queue::Job job, queue::Verdict verdict, bool& lost);
  void note_end(const queue::Job& job, AttemptEnd end, const queue::Counts& counts, std::string_view why);

  queue::JobQueue& queue_;
  fhir::Client& client_;
  ServerHealth& health_;
  service::VitalSigns& signs_;
  Options options_;
  std::list<RunningAttempt*> running_;
  std::uint64_t next_share_ = 1;
  Tally tally_;
  bool draining_ = false;
  std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace worker
