#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "queue/awaitable.h"
#include "queue/job.h"
#include "queue/overview.h"

namespace queue {

class RedisClient;

/// One job's record, as HGETALL gives it.
struct Record {
  std::string id;
  std::map<std::string, std::string, std::less<>> fields;

  JobState state() const;
  /// Empty where the record has no such field.
  std::string field(std::string_view name) const;
  /// 0 where the record has no such field.
  std::uint64_t number(std::string_view name) const;
};

/// The readers' side: what any service could do with HGETALL. Throws QueueUnavailable.
class Records {
 public:
  Records(RedisClient& redis, std::string queue_name);

  /// Empty while the job still waits in the inbox, after it expired, or if it never was.
  Awaitable<std::optional<Record>> find(std::string job_id);
  /// The same, but a job that still waits in the inbox has a record, too: state `queued`, what its entry says, and when
  /// that was added as `enqueuedAt`. So a job is never missed on its way.
  Awaitable<std::optional<Record>> find_anywhere(std::string job_id);
  /// Whether an entry of that id still waits in the inbox.
  Awaitable<bool> in_inbox(std::string job_id);
  /// JSON objects {reference,status,diagnostics}.
  Awaitable<std::vector<std::string>> failures(std::string job_id);
  /// The newest jobs first; of one state or of all.
  Awaitable<std::vector<Record>> newest(std::optional<JobState> state, std::size_t limit);
  /// HGETALL {Q}:batch:<name>; empty if there is none.
  Awaitable<std::map<std::string, std::string>> batch(std::string name);
  Awaitable<std::map<std::string, std::string>> stats();
  Awaitable<Overview> overview();
  Awaitable<std::vector<std::string>> owed(std::string target);

 private:
  RedisClient& redis_;
  std::string prefix_;
};

}  // namespace queue
