#include <boost/asio/co_spawn.hpp>

#include "tests/queue/job_queue_fixture.h"

namespace test {
namespace {

using queue::Clock;
using queue::Job;
using queue::JobState;
using queue::QueueUnavailable;
using queue::Standing;
using queue::Verdict;

TEST_F(JobQueueTest, AnIdleWorkerStartsAJobAtOnce) {
  start_running();
  std::vector<Clock::duration> times;
  for (int i = 0; i < 20; ++i) {
    std::optional<Job> job;
    boost::asio::co_spawn(io.get_executor(), queue.take(),
                          [&](const std::exception_ptr&, std::optional<Job> taken) { job = std::move(taken); });
    EXPECT_EQ(redis({"PING"}).text, "PONG");
    const auto begin = Clock::now();
    enqueue("Patient/" + std::to_string(i));
    while (!job && Clock::now() - begin < 900ms) io.run_one_for(1ms);
    times.push_back(Clock::now() - begin);
    ASSERT_TRUE(job);
    settle(*job, Verdict::Kind::completed);
  }
  std::ranges::sort(times);
  EXPECT_LT(times[10], 300ms) << "the median, on a machine with more to do; unwoken it would be a second";
}

TEST_F(JobQueueTest, ADelayedJobStartsWhenItIsDue) {
  start_running();
  const auto begin = Clock::now();
  enqueue("Patient/1", {{"delay", "300"}});
  const auto job = taken();
  EXPECT_GE(Clock::now() - begin, 290ms);
  EXPECT_LT(Clock::now() - begin, 900ms);
}

TEST_F(JobQueueTest, TakeAnswersNothingAfterAboutASecondWithoutAJob) {
  start_running();
  const auto begin = Clock::now();
  EXPECT_FALSE(await(queue.take()));
  EXPECT_GT(Clock::now() - begin, 800ms);
  EXPECT_LT(Clock::now() - begin, 2s);
}

TEST_F(JobQueueTest, SeveralCallersGetAJobEach) {
  start_running();
  std::vector<std::string> targets;
  for (int i = 0; i < 8; ++i)
    boost::asio::co_spawn(
        io.get_executor(), queue.take(),
        [&](const std::exception_ptr&, const std::optional<Job>& job) { targets.push_back(job ? job->target : ""); });
  for (int i = 0; i < 8; ++i) enqueue("Patient/" + std::to_string(i));
  while (targets.size() < 8) io.run_one_for(10ms);
  std::ranges::sort(targets);
  EXPECT_TRUE(std::ranges::adjacent_find(targets) == targets.end());
  EXPECT_EQ(targets.front(), "Patient/0");
}

TEST_F(JobQueueTest, StopTakingEndsThoseThatWaitAndGivesNothingMore) {
  start_running();
  bool ended = false;
  boost::asio::co_spawn(io.get_executor(), queue.take(), [&](const std::exception_ptr&, const std::optional<Job>& job) {
    EXPECT_FALSE(job);
    ended = true;
  });
  const auto begin = Clock::now();
  EXPECT_EQ(redis({"PING"}).text, "PONG");
  queue.stop_taking();
  while (!ended) io.run_one_for(1ms);
  EXPECT_LT(Clock::now() - begin, 500ms);
  const auto id = enqueue("Patient/1");
  wait_for_state(id, "queued");
  EXPECT_FALSE(await(queue.take()));
  queue.resume_taking();
  EXPECT_EQ(taken().id, id);
}

TEST_F(JobQueueTest, AJobThatIsClaimedWhileTakingStopsIsHandedBack) {
  start_running();
  const auto id = enqueue("Patient/1");
  wait_for_state(id, "queued");
  std::optional<bool> got_one;
  boost::asio::co_spawn(io.get_executor(), queue.take(),
                        [&](const std::exception_ptr&, const std::optional<Job>& job) { got_one = job.has_value(); });
  io.poll_one();
  queue.stop_taking();
  while (!got_one) io.run_one_for(1ms);
  EXPECT_FALSE(*got_one);
  wait_for_state(id, "queued");
  EXPECT_EQ(redis({"HGET", "{q}:job:" + id, "attempt"}).text.find_first_not_of('0'), std::string::npos);
}

TEST_F(JobQueueTest, NothingIsTakenWhileRenewalsFail) {
  start_running();
  enqueue("Patient/1");
  const auto job = taken();
  server.kill();
  EXPECT_THROW(await(queue.beat(job, {})), QueueUnavailable);
  EXPECT_FALSE(await(queue.take()));
  server.restart();
  for (bool asked = false; !asked;) {
    try {
      enqueue("Patient/2");
      asked = true;
    } catch (const QueueUnavailable&) {
    }
  }
  EXPECT_NO_THROW(taken()) << "Redis answers again, with no beat to say so";
}

TEST_F(JobQueueTest, AnOutageLongerThanTheLeaseCostsNobodyHisJob) {
  start_running();
  const auto id = enqueue("Patient/1");
  const auto job = taken();
  server.kill();
  const auto until = Clock::now() + lease + 500ms;
  while (Clock::now() < until) io.run_one_for(100ms);
  server.restart();
  for (int beats = 0; beats < 5;) {
    try {
      EXPECT_EQ(await(queue.beat(job, {})), Standing::ours);
      ++beats;
    } catch (const QueueUnavailable&) {
    }
  }
  EXPECT_EQ(state(id), "running");
}

TEST_F(JobQueueTest, ARedisThatStoodStillLongerThanTheLeaseCostsNobodyHisJob) {
  start_running();
  const auto id = enqueue("Patient/1");
  const auto job = taken();
  server.stop();
  const auto until = Clock::now() + lease + 500ms;
  while (Clock::now() < until) io.run_one_for(100ms);
  server.go_on();
  EXPECT_EQ(await(queue.beat(job, {})), Standing::ours);
  EXPECT_EQ(state(id), "running");
}

TEST_F(JobQueueTest, AJobOfAWorkerThatDiedIsTakenByAnother) {
  start_running();
  const auto id = enqueue("Patient/1");
  const auto lost = taken();
  const auto begin = Clock::now();
  const auto job = taken();
  EXPECT_EQ(job.id, id);
  EXPECT_GT(job.claim, lost.claim);
  EXPECT_GT(Clock::now() - begin, lease - 500ms);
  EXPECT_LT(Clock::now() - begin, lease + 3s);
}

TEST_F(JobQueueTest, GoesOnAfterRedisForgotTheScripts) {
  start_running();
  enqueue("Patient/1");
  settle(taken(), Verdict::Kind::completed);
  redis({"SCRIPT", "FLUSH"});
  enqueue("Patient/2");
  EXPECT_EQ(settle(taken(), Verdict::Kind::completed), JobState::completed);
}

TEST_F(JobQueueTest, GoesOnWhenItsConnectionsAreKilled) {
  start_running();
  for (int i = 0; i < 5; ++i) {
    redis({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    enqueue("Patient/1");
    settle(taken(), Verdict::Kind::completed);
  }
  EXPECT_TRUE(told.empty());
}

TEST_F(JobQueueTest, SaysOnceThatRedisRefusesAndOnceThatItNoLongerDoes) {
  start_running();
  enqueue("Patient/1");
  redis({"CONFIG", "SET", "maxmemory", "1"});
  while (told.empty()) io.run_one_for(10ms);
  EXPECT_NE(told[0].find("OOM"), std::string::npos) << told[0];
  redis({"CONFIG", "SET", "maxmemory", "0"});
  while (told.size() < 2) io.run_one_for(10ms);
  EXPECT_EQ(told[1], "");
}

TEST_F(JobQueueTest, AFullRedisStopsNoRunningJobAndKeepsWhatWaits) {
  start_running();
  const auto first = enqueue("Patient/1");
  const auto job = taken();
  const auto second = enqueue("Patient/2");
  wait_for_state(second, "queued");
  const auto in_inbox = enqueue("Patient/3");
  redis({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_EQ(await(queue.beat(job, {})), Standing::ours);
  EXPECT_THROW(await(queue.take()), QueueUnavailable);
  EXPECT_EQ(settle(job, Verdict::Kind::completed), JobState::completed);
  redis({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_EQ(taken().id, second);
  EXPECT_EQ(taken().id, in_inbox);
  EXPECT_EQ(state(first), "completed");
  EXPECT_EQ(broken_invariant(io, client), "");
}

TEST_F(JobQueueTest, IsDrainedWhenNoJobCouldRunNowOrAfterABackoff) {
  EXPECT_TRUE(await(queue.drained()));
  const auto delayed = enqueue("Patient/9", {{"delay", "100000"}});
  EXPECT_FALSE(await(queue.drained())) << "an entry waits in the inbox";
  start_running();
  wait_for_state(delayed, "scheduled");
  EXPECT_TRUE(await(queue.drained())) << "delayed jobs do not count";
  const auto id = enqueue("Patient/1");
  wait_for_state(id, "queued");
  EXPECT_FALSE(await(queue.drained())) << "a job waits";
  const auto job = taken();
  EXPECT_FALSE(await(queue.drained())) << "a job runs";
  Verdict again;
  again.kind = Verdict::Kind::again;
  again.delay_ms = 100000;
  await(queue.settle(job, again));
  EXPECT_FALSE(await(queue.drained())) << "a job waits to retry";
  await(producer.pause(true));
  while (redis({"EXISTS", "{q}:paused"}).number == 0) io.run_one_for(1ms);
  EXPECT_TRUE(await(queue.drained())) << "nothing runs in a paused queue";
}

TEST_F(JobQueueTest, PromotesWhileTheInboxIsStillFull) {
  start_running();
  redis({"EVAL",
         "redis.call('XADD', KEYS[1], '*', 'id', 'delayed', 'target', 'Patient/1', 'accounts', '', 'delay', '300') "
         "for _ = 1, 30000 do redis.call('XADD', KEYS[1], '*', 'target', 'Patient/2', 'accounts', '') end",
         "1", "{q}:inbox"});
  const queue::Command look{"EVAL",
                            "return {redis.call('HGET', KEYS[1] .. ':job:delayed', 'state') or '', "
                            "redis.call('XLEN', KEYS[1] .. ':inbox')}",
                            "1", "{q}"};
  auto seen = redis(look);
  while (seen.items.at(0).text != "queued") seen = redis(look);
  EXPECT_GT(seen.items.at(1).number, 0);
}

}  // namespace
}  // namespace test
