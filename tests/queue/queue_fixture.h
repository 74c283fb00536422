#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "queue/clock.h"
#include "queue/moves.h"
#include "queue/producer.h"
#include "queue/records.h"
#include "queue/redis_client.h"
#include "queue/redis_job_queue.h"
#include "queue/replies.h"
#include "queue/scripts.h"
#include "tests/queue/snapshot.h"
#include "tests/support/redis_server.h"
#include "tests/support/run.h"

namespace test {

using namespace std::chrono_literals;

/// A Redis for the whole program, emptied before each test: starting one takes longer than most tests.
class QueueTest : public ::testing::Test {
 protected:
  QueueTest();

  template <class T>
  T await(queue::Awaitable<T> work) {
    return run(io, std::move(work));
  }

  queue::Reply redis(queue::Command command);
  std::string field(const std::string& id, const std::string& name);
  std::string state(const std::string& id) { return field(id, "state"); }
  std::map<std::string, std::string> stats();
  std::int64_t time_of_redis();
  bool exists(const std::string& key);

  /// Adds an entry that sets Organization/a on the target, more fields at will, and takes in. The id.
  std::string add(const std::string& target, const queue::InboxEntry& more = {});
  /// Adds the entry as it is and takes in. The id that Redis gave the entry.
  std::string add_entry(const queue::InboxEntry& entry);
  void command(const std::string& name, const std::string& value) { add_entry({{name, value}}); }
  std::optional<queue::Job> claim();
  /// Claims a job that must be there.
  queue::Job claimed();
  queue::JobState settle(const queue::Job& job, queue::Verdict::Kind kind, const std::string& error = {});
  /// Puts the end of a lease, or a job's due time, into the past.
  void let_lease_end(const std::string& id);
  void let_delay_end(const std::string& id);
  void sweep();

  boost::asio::io_context io;
  queue::RedisClient client;
  queue::RedisJobQueue::Options options;
  queue::Moves moves;
  queue::Producer producer;
  queue::Records records;
};

RedisServer& shared_redis();

/// Everything the contract says about how the keys agree with each other; empty, or what is wrong.
std::string broken_invariant(const Snapshot& keys);
std::string broken_invariant(boost::asio::io_context& io, queue::RedisClient& client);

}  // namespace test
