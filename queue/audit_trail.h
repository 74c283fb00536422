#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "queue/awaitable.h"
#include "queue/records.h"

namespace queue {

/// That a job ended, whoever ended it.
struct Ending {
  std::string mark;  ///< as Redis keeps it
  std::string job;
  JobState state = JobState::completed;
  std::int64_t finished_at = 0;  ///< ms since 1970, by Redis' clock
  std::string target;            ///< empty where the entry had none that is one
  /// As it was read afterwards: it may have expired by then, or a retry may have begun to change it.
  std::optional<Record> record;

  /// Whether the record still tells of this ending and not of what came later.
  bool record_is_of_this() const {
    return record && record->state() == state && record->field("finishedAt") == std::to_string(finished_at);
  }
};

/// The endings of which no audit line was written yet. Each move that ends a job notes that in the same step, so none
/// is missing however a worker dies; a line may be written twice.
class AuditTrail {
 public:
  AuditTrail(RedisClient& redis, const std::string& queue_name);

  static constexpr std::size_t most = 100;
  static constexpr std::chrono::milliseconds lent_for{30'000};
  /// The oldest of them, with their records; nobody else gets them for half a minute. Throws QueueUnavailable.
  Awaitable<std::vector<Ending>> borrow();
  /// Their lines were written. Throws QueueUnavailable.
  Awaitable<void> written(std::vector<Ending> endings);

 private:
  RedisClient& redis_;
  std::string prefix_;
};

}  // namespace queue
