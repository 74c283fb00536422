#include <boost/asio/co_spawn.hpp>

#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::JobState;
using queue::Verdict;

using HappyPathTest = QueueTest;

TEST_F(HappyPathTest, AnEntryBecomesAJobThatIsClaimedAndCompleted) {
  const auto id = add("Patient/1", {{"accounts", "Practitioner/b"}, {"propagate", "true"}, {"note", "kept"}});
  EXPECT_EQ(state(id), "queued");

  const auto job = claimed();
  EXPECT_EQ(job.id, id);
  EXPECT_EQ(job.target, "Patient/1");
  EXPECT_EQ(job.attempt, 1);
  EXPECT_EQ(job.max_attempts, 3);
  EXPECT_EQ(job.fields.at("accounts"), "Organization/a,Practitioner/b");
  EXPECT_EQ(job.fields.at("propagate"), "true");
  EXPECT_EQ(job.fields.at("note"), "kept");
  EXPECT_EQ(state(id), "running");

  queue::Progress progress;
  progress.counts.updated = 7;
  EXPECT_EQ(await(moves.renew(job, progress)), queue::Standing::ours);
  EXPECT_EQ(field(id, "resourcesUpdated"), "7");

  Verdict verdict;
  verdict.output = "{}";
  verdict.progress = progress;
  EXPECT_EQ(await(moves.settle(job, verdict)), JobState::completed);
  EXPECT_EQ(state(id), "completed");
  EXPECT_EQ(field(id, "output"), "{}");
  EXPECT_FALSE(exists("{q}:line:Patient/1"));
  EXPECT_FALSE(exists("{q}:ready"));
}

TEST_F(HappyPathTest, ARunningQueueTakesInAndGivesTheJob) {
  queue::RedisJobQueue queue(client, options);
  bool over = false;
  boost::asio::co_spawn(io.get_executor(), queue.run(), [&](const std::exception_ptr&) { over = true; });
  await(producer.enqueue({{{"target", "Patient/1"}, {"accounts", ""}}}));
  const auto job = await(queue.take());
  ASSERT_TRUE(job);
  EXPECT_EQ(job->fields.at("accounts"), "");
  const auto owed = await(queue.owe(*job, {"Organization/x"}));
  EXPECT_EQ(owed, std::vector<std::string>{"Organization/x"});
  Verdict verdict;
  verdict.removed = {"Organization/x"};
  EXPECT_EQ(await(queue.settle(*job, verdict)), JobState::completed);
  EXPECT_TRUE(await(queue.owed("Patient/1")).empty());
  EXPECT_TRUE(await(queue.drained()));
  EXPECT_FALSE(over);
}

}  // namespace
}  // namespace test
