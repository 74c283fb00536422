#pragma once

#include <exception>

#include "fhir/signal.h"
#include "fhir/stop.h"
#include "queue/job_queue.h"
#include "worker/awaitable.h"
#include "worker/concurrency.h"
#include "worker/job_runner.h"
#include "worker/server_health.h"
#include "worker/service/vital_signs.h"

namespace worker {

/// Takes jobs while there is a free slot and the FHIR server can be worked with.
class Worker {
 public:
  struct Options {
    std::size_t jobs = 8;  ///< running at once
    bool drain = false;    ///< stop when no job is left that could run, or when none can be run
  };
  /// `stop` is the worker's own: requested by stop().
  Worker(queue::JobQueue& queue, JobRunner& runner, ServerHealth& health, fhir::Stop& stop, service::VitalSigns& signs,
         Options options);

  /// Until stop(), or until drained; every job it ran is settled then.
  Awaitable<void> run();

  /// No new job; running ones start no new request and are handed back.
  void stop();

  /// Whether it ended because no job was left that could run.
  bool drained() const { return drained_; }

  /// So many jobs at once from now on; those that run above it are let end.
  void set_jobs(std::size_t jobs);

 private:
  Awaitable<void> keep_slots();
  Awaitable<void> add_slots(OpenGroup& slots);
  Awaitable<void> slot();
  Awaitable<void> work_in_slot();
  Awaitable<void> hand_back_when_down();
  Awaitable<void> hand_back_when_stopped();
  Awaitable<void> stop_when_drained();
  Awaitable<bool> queue_is_drained();
  Awaitable<std::optional<queue::Job>> take();

  queue::JobQueue& queue_;
  JobRunner& runner_;
  ServerHealth& health_;
  fhir::Stop& stop_;
  Options options_;
  bool drained_ = false;
  std::size_t slots_ = 0;  ///< open
  std::size_t busy_ = 0;   ///< of them, with a job
  fhir::Signal more_slots_;
  std::exception_ptr failure_;  ///< of the first slot that failed
  service::VitalSign claiming_;
  fhir::Clock::time_point queue_answered_ = fhir::Clock::now();
};

}  // namespace worker
