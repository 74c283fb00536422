#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "tests/queue/queue_fixture.h"

namespace test {

/// The queue as a worker uses it, on a Redis of its own that may be killed.
class JobQueueTest : public ::testing::Test {
 protected:
  JobQueueTest()
      : client(io.get_executor(), settings(), {}),
        queue(client, options()),
        producer(client, "q"),
        records(client, "q") {}
  ~JobQueueTest() override { stop_running(); }

  config::Redis settings() {
    config::Redis redis;
    redis.url = server.url();
    return redis;
  }
  queue::RedisJobQueue::Options options() {
    queue::RedisJobQueue::Options chosen;
    chosen.name = "q";
    chosen.lease = lease;
    chosen.worker_id = "w";
    chosen.on_trouble = [this](const std::string& why) { told.push_back(why); };
    return chosen;
  }

  template <class T>
  T await(queue::Awaitable<T> work) {
    return run(io, std::move(work));
  }
  queue::Reply redis(queue::Command command) { return await(client.execute(std::move(command))); }
  std::string state(const std::string& id) { return redis({"HGET", "{q}:job:" + id, "state"}).text; }
  void wait_for_state(const std::string& id, const std::string& wanted) {
    while (state(id) != wanted) io.run_one_for(1ms);
  }

  void start_running() {
    boost::asio::co_spawn(
        io.get_executor(), queue.run(),
        boost::asio::bind_cancellation_slot(stop.slot(), [this](const std::exception_ptr&) { over = true; }));
    over = false;
  }
  void stop_running() {
    stop.emit(boost::asio::cancellation_type::terminal);
    while (!over) io.run_one_for(10ms);
  }
  std::string enqueue(const std::string& target, const queue::InboxEntry& more = {}) {
    queue::InboxEntry entry{{"target", target}, {"accounts", "Organization/a"}};
    entry.insert(entry.end(), more.begin(), more.end());
    return await(producer.enqueue({entry})).at(0);
  }
  queue::Job taken() {
    std::optional<queue::Job> job;
    for (const auto until = queue::Clock::now() + 20s; !job && queue::Clock::now() < until;) job = await(queue.take());
    if (!job) throw std::runtime_error("no job came");
    return *job;
  }
  queue::JobState settle(const queue::Job& job, queue::Verdict::Kind kind) {
    queue::Verdict verdict;
    verdict.kind = kind;
    return await(queue.settle(job, verdict));
  }

  static constexpr std::chrono::milliseconds lease = 2s;
  boost::asio::io_context io;
  RedisServer server;
  std::vector<std::string> told;
  queue::RedisClient client;
  queue::RedisJobQueue queue;
  queue::Producer producer;
  queue::Records records;
  boost::asio::cancellation_signal stop;
  bool over = true;
};

}  // namespace test
