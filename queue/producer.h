#pragma once

#include <string>
#include <utility>
#include <vector>

#include "queue/awaitable.h"
#include "queue/job_queue.h"

namespace queue {

class RedisClient;

/// One entry for the inbox: field and value pairs of the Redis contract, fields may repeat.
using InboxEntry = std::vector<std::pair<std::string, std::string>>;

/// The producers' side: what any service could do with plain XADD. Throws QueueUnavailable.
class Producer {
 public:
  Producer(RedisClient& redis, std::string queue_name);

  /// Adds entries in their order, pipelined; the job ids, in the same order (an entry's own `id` where it brings one).
  Awaitable<std::vector<std::string>> enqueue(std::vector<InboxEntry> entries);

  struct Asked {
    std::string id;
    bool known = false;  ///< it was there before
  };
  /// Adds one job, or answers the job that the same request (by its fingerprint: a word) added before, if that one is
  /// not over and no other for that target came after it.
  Awaitable<Asked> enqueue_once(std::string target, std::string fingerprint, InboxEntry entry);

  Awaitable<void> cancel(std::string job_id);
  Awaitable<void> retry(std::string job_id);
  Awaitable<void> pause(bool paused);
  /// Takes one removal out of what a target owes: an operator's decision. False if it was not owed.
  Awaitable<bool> forgive(std::string target, std::string account);

 private:
  RedisClient& redis_;
  std::string prefix_;
};

}  // namespace queue
