#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "queue/awaitable.h"
#include "queue/job.h"

namespace queue {

enum class Standing { ours, cancel_requested, lost };

/// The job belongs to somebody else by now: stop at once and write nothing for it.
struct LeaseLost : std::runtime_error {
  LeaseLost() : std::runtime_error("the lease was lost to another worker") {}
};

/// Redis could not be reached or refused: the message says what and why, for an operator.
struct QueueUnavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What a worker needs of a queue. All calls are made from the one thread of the process.
/// Calls throw QueueUnavailable when Redis cannot answer, LeaseLost where said.
class JobQueue {
 public:
  virtual ~JobQueue() = default;

  /// Keeps the queue moving for everybody: takes entries out of the inbox, promotes what is due, sweeps leases that
  /// ran out. Runs until it is cancelled; troubles with Redis are reported once each and waited out.
  virtual Awaitable<void> run() = 0;

  /// Waits for a job and claims it; empty once stop_taking() was called, or after about a second without one.
  /// Not to be cancelled: Redis may already have given the job. Several callers may wait; one claims at a time.
  virtual Awaitable<std::optional<Job>> take() = 0;
  /// No call of take() gives a job any more; those that wait return empty at once.
  virtual void stop_taking() = 0;
  /// take() gives jobs again.
  virtual void resume_taking() = 0;

  /// Renews the lease and records the progress, in one step. Never throws LeaseLost: the answer says it.
  virtual Awaitable<Standing> beat(Job job, Progress progress) = 0;

  /// Adds accounts to what the job's target owes, as durably as Redis can, and answers all it owes now.
  /// Throws LeaseLost, or QueueUnavailable also when Redis did not acknowledge durability.
  virtual Awaitable<std::vector<std::string>> owe(Job job, std::vector<std::string> leaving) = 0;
  /// What a target owes; writes nothing.
  virtual Awaitable<std::vector<std::string>> owed(std::string target) = 0;

  /// Ends the attempt and answers the state the job is in now. Idempotent for a reply that got lost. Throws LeaseLost.
  virtual Awaitable<JobState> settle(Job job, Verdict verdict) = 0;

  /// Whether no job is left that could run now or after a backoff (delayed jobs do not count, nor waiting ones of a
  /// paused queue).
  virtual Awaitable<bool> drained() = 0;
};

}  // namespace queue
