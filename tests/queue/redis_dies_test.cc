#include "tests/queue/job_queue_fixture.h"

namespace test {
namespace {

using queue::JobState;
using queue::QueueUnavailable;
using queue::Standing;
using queue::Verdict;

/// Redis is killed and comes back with what its append-only file has.
class RedisDiesTest : public JobQueueTest {
 protected:
  template <class Ask>
  auto persist(Ask ask) {
    for (const auto until = queue::Clock::now() + 20s;;) {
      try {
        return ask();
      } catch (const QueueUnavailable&) {
        if (queue::Clock::now() > until) throw;
      }
    }
  }
};

TEST_F(RedisDiesTest, BetweenAnyTwoMovesAndNothingIsLost) {
  start_running();
  const auto id = enqueue("Patient/1");
  server.restart();
  auto job = persist([&] { return taken(); });
  EXPECT_EQ(job.id, id);
  server.restart();
  EXPECT_EQ(persist([&] { return await(queue.beat(job, {})); }), Standing::ours);
  server.restart();
  EXPECT_EQ(persist([&] { return await(queue.owe(job, {"Organization/x"})); }).size(), 1U);
  server.restart();
  EXPECT_EQ(persist([&] { return settle(job, Verdict::Kind::handed_back); }), JobState::queued);
  server.restart();
  job = persist([&] { return taken(); });
  EXPECT_EQ(job.id, id);
  EXPECT_EQ(job.attempt, 1);
  server.restart();
  EXPECT_EQ(persist([&] { return settle(job, Verdict::Kind::completed); }), JobState::completed);
  server.restart();
  EXPECT_EQ(persist([&] { return await(queue.owed("Patient/1")); }).size(), 1U);
  EXPECT_EQ(broken_invariant(io, client), "");
}

TEST_F(RedisDiesTest, WhileJobsComeAndGoAndEachIsDoneOnce) {
  start_running();
  std::vector<std::string> ids;
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 4; ++i) ids.push_back(persist([&] { return enqueue("Patient/" + std::to_string(i)); }));
    for (int i = 0; i < 4; ++i) {
      const auto job = persist([&] { return taken(); });
      if (i == round % 4) server.restart();
      EXPECT_EQ(persist([&] { return settle(job, Verdict::Kind::completed); }), JobState::completed);
    }
  }
  for (const auto& id : ids) EXPECT_EQ(state(id), "completed");
  EXPECT_EQ(await(records.stats())["completed"], std::to_string(ids.size()));
  EXPECT_TRUE(await(queue.drained()));
}

}  // namespace
}  // namespace test
