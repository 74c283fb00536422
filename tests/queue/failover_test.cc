#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include "queue/clock.h"
#include "queue/producer.h"
#include "queue/redis_job_queue.h"
#include "tests/queue/links_fixture.h"
#include "tests/support/redis_sentinels.h"

namespace test {
namespace {

using Clock = std::chrono::steady_clock;

queue::RedisJobQueue::Options options() {
  queue::RedisJobQueue::Options of_queue;
  of_queue.name = "q";
  of_queue.lease = 5s;
  of_queue.worker_id = "w";
  return of_queue;
}

/// A worker that always has one more job to do, on a Redis with Sentinels.
class FailoverTest : public ::testing::Test {
 protected:
  FailoverTest() : redis(sentinels.url()), jobs(redis.client, options()), producer(redis.client, "q") {
    spawn(jobs.run());
    spawn(work());
  }

  void spawn(queue::Awaitable<void> work) {
    boost::asio::co_spawn(redis.io.get_executor(), std::move(work), [](const std::exception_ptr&) {});
  }
  /// As a worker does: a Redis that cannot be had is waited out.
  queue::Awaitable<void> work() {
    const auto executor = co_await boost::asio::this_coro::executor;
    for (int n = 0;; ++n) {
      try {
        const queue::InboxEntry entry{{"target", "Patient/" + std::to_string(n)}, {"accounts", "Organization/a"}};
        const std::vector<queue::InboxEntry> entries{entry};
        co_await producer.enqueue(entries);
        const auto job = co_await jobs.take();
        if (!job) continue;
        queue::Verdict verdict;
        verdict.kind = queue::Verdict::Kind::completed;
        co_await jobs.settle(*job, verdict);
        finished_last = Clock::now();
        ++finished;
        continue;
      } catch (const queue::QueueUnavailable&) {
      } catch (const queue::LeaseLost&) {
      }
      queue::Timer timer(executor, 1s);
      co_await timer.async_wait(queue::use_awaitable);
    }
  }
  void work_until(const std::function<bool()>& enough) {
    const auto until = Clock::now() + 60s;
    while (!enough() && Clock::now() < until) redis.io.run_one_for(100ms);
    EXPECT_TRUE(enough());
  }
  /// How long after the promotion the first job is finished on the new primary; `break_it` ends the old one.
  std::chrono::milliseconds standstill(const std::function<void(RedisProcess&)>& break_it) {
    work_until([&] { return finished > 3; });
    RedisProcess& old = sentinels.primary();
    break_it(old);
    auto promoted = std::async(std::launch::async, [&] {
      sentinels.wait_until_promoted_instead_of(old);
      return Clock::now();
    });
    work_until([&] { return promoted.wait_for(0s) == std::future_status::ready; });
    const auto at = promoted.get();
    work_until([&] { return finished_last > at; });
    return std::chrono::duration_cast<std::chrono::milliseconds>(finished_last - at);
  }

  RedisSentinels sentinels;
  Linked redis;
  queue::RedisJobQueue jobs;
  queue::Producer producer;
  int finished = 0;
  Clock::time_point finished_last;
};

TEST_F(FailoverTest, IsOverForAWorkerSecondsAfterTheOldPrimaryWasKilled) {
  const auto time = standstill([](RedisProcess& old) { old.kill(); });
  RecordProperty("milliseconds", static_cast<int>(time.count()));
  EXPECT_LT(time, 10s);
}

TEST_F(FailoverTest, IsOverForAWorkerSecondsAfterTheOldPrimaryFroze) {
  const auto time = standstill([](RedisProcess& old) { old.stop(); });
  RecordProperty("milliseconds", static_cast<int>(time.count()));
  EXPECT_LT(time, 10s);
}

TEST_F(FailoverTest, DoesNotLeaveAWorkerOnAPrimaryThatComesBackAsAReplica) {
  const auto time = standstill([](RedisProcess& old) {
    old.kill();
    old.restart();
    old.stop();
  });
  EXPECT_LT(time, 10s);
  sentinels.replica().go_on();
  const int before = finished;
  work_until([&] { return finished > before + 3; });
  EXPECT_EQ(redis.client.place().address.port, std::to_string(sentinels.primary().port()));
}

}  // namespace
}  // namespace test
