#pragma once

#include <string>
#include <vector>

#include "queue/awaitable.h"
#include "queue/redis_client.h"
#include "tests/chaos/moment.h"
#include "tests/chaos/plan.h"

namespace chaos {

/// A job that the producer asked for, and what it knows of it.
struct Added {
  AskedJob job;
  std::string id;          ///< empty: the answer never came, and there was no id of its own to ask again with
  bool cancelled = false;  ///< the producer asked for it
  bool retried = false;
};

/// A stranger who knows the contract and nothing else: adds entries to the inbox with plain XADD, one after another.
/// Where the answer is lost it adds the entry again if that can do no harm: a command, or a job with an id of its own.
class Producer {
 public:
  /// An entry is sure when so many replicas have it.
  Producer(queue::RedisClient& redis, int replicas) : redis_(redis), replicas_(replicas) {}

  queue::Awaitable<void> add(AskedJob job);
  queue::Awaitable<void> cancel(int job);
  queue::Awaitable<void> retry(int job);
  queue::Awaitable<void> pause(bool on);

  /// In the order in which they were added.
  const std::vector<Added>& added() const { return added_; }
  /// While nothing was to be claimed.
  const std::vector<Spell>& pauses() const { return pauses_; }
  int repetitions() const { return repetitions_; }

 private:
  queue::Awaitable<std::string> add_until_answered(std::vector<std::string> fields);
  queue::Awaitable<std::string> add_once(std::vector<std::string> fields);
  Added* find(int job);

  queue::RedisClient& redis_;
  int replicas_;
  std::vector<Added> added_;
  std::vector<Spell> pauses_;
  int repetitions_ = 0;
};

}  // namespace chaos
