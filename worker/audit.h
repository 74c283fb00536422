#pragma once

#include <string>
#include <vector>

#include "fhir/stop.h"
#include "queue/audit_trail.h"
#include "queue/waiting_room.h"
#include "worker/awaitable.h"

namespace worker {

/// Writes an audit line for each job that ended, whoever ended it: every worker does its share of the queue's.
class Audit {
 public:
  Audit(queue::RedisClient& redis, const std::string& queue_name) : trail_(redis, queue_name) {}

  /// Until cancelled. An outage of Redis is waited out, and a log that takes no lines: what ended is not forgotten.
  Awaitable<void> run();
  /// Writes what there is to write, for a few seconds at most; run() writes nothing any more. What is left is for the
  /// next worker.
  Awaitable<void> finish();

 private:
  class Writing;

  Awaitable<void> write_all();
  Awaitable<bool> write_some();
  Awaitable<void> borrow();

  queue::AuditTrail trail_;
  std::vector<queue::Ending> lent_;  ///< not written yet
  fhir::Clock::time_point lent_until_;
  queue::WaitingRoom wrote_;
  bool writing_ = false;
  bool finishing_ = false;
};

}  // namespace worker
