#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::JobState;
using queue::MoveRefused;
using queue::Standing;
using queue::Verdict;

/// A Redis that has no memory left: nothing new begins, what runs goes on and ends.
class FullRedisTest : public QueueTest {
 protected:
  ~FullRedisTest() override { make_room(); }
  void fill() { redis({"CONFIG", "SET", "maxmemory", "1"}); }
  void make_room() { redis({"CONFIG", "SET", "maxmemory", "0"}); }
};

TEST_F(FullRedisTest, GivesNoJobAndLosesNone) {
  const auto id = add("Patient/1");
  fill();
  EXPECT_THROW(await(moves.claim("token")), MoveRefused);
  make_room();
  EXPECT_EQ(broken_invariant(io, client), "");
  EXPECT_EQ(await(moves.claim("token")).job->id, id);
}

TEST_F(FullRedisTest, LetsRunningJobsRenewOweAndEnd) {
  std::vector<queue::Job> jobs;
  for (int i = 0; i < 5; ++i) {
    add("Patient/" + std::to_string(i), {{"batch", "b"}});
    jobs.push_back(claimed());
  }
  fill();
  queue::Progress progress;
  progress.counts.updated = 7;
  progress.failures = {"{}"};
  EXPECT_EQ(await(moves.renew(jobs[0], progress)), Standing::ours);
  EXPECT_EQ(field(jobs[0].id, "resourcesUpdated"), "7");
  EXPECT_EQ(await(moves.owe(jobs[0], {"Organization/x"})).size(), 1U);
  EXPECT_EQ(settle(jobs[0], Verdict::Kind::completed), JobState::completed);
  EXPECT_EQ(settle(jobs[1], Verdict::Kind::failed), JobState::failed);
  EXPECT_EQ(settle(jobs[2], Verdict::Kind::again), JobState::scheduled);
  EXPECT_EQ(settle(jobs[3], Verdict::Kind::handed_back), JobState::queued);
  EXPECT_EQ(settle(jobs[4], Verdict::Kind::cancelled), JobState::cancelled);
  EXPECT_EQ(broken_invariant(io, client), "");
}

TEST_F(FullRedisTest, StillForgetsWhatHasExpired) {
  add("Patient/1");
  const auto gone = claimed();
  settle(gone, Verdict::Kind::completed);
  redis({"DEL", "{q}:job:" + gone.id});
  redis({"ZADD", "{q}:finished", "1", gone.id});
  fill();
  EXPECT_EQ(await(moves.expire()), 1);
  EXPECT_FALSE(exists("{q}:finished"));
}

TEST_F(FullRedisTest, TakesNobodysJobAway) {
  const auto id = add("Patient/1");
  const auto job = claimed();
  let_lease_end(id);
  fill();
  EXPECT_THROW(sweep(), MoveRefused);
  EXPECT_EQ(await(moves.renew(job, {})), Standing::ours);
  make_room();
  sweep();
  EXPECT_EQ(state(id), "running");
}

}  // namespace
}  // namespace test
