#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::JobState;
using queue::LeaseLost;
using queue::Standing;
using queue::Verdict;

/// Who may write for a job, and what becomes of one whose worker died.
class LeaseTest : public QueueTest {
 protected:
  void TearDown() override { EXPECT_EQ(broken_invariant(io, client), ""); }

  queue::Progress updated(std::uint64_t number) {
    queue::Progress progress;
    progress.counts.updated = number;
    return progress;
  }
  void lose(const std::string& id) {
    let_lease_end(id);
    sweep();
  }
};

TEST_F(LeaseTest, RenewingMovesTheEndOfTheLease) {
  const auto id = add("Patient/1");
  const auto job = claimed();
  let_lease_end(id);
  EXPECT_EQ(await(moves.renew(job, {})), Standing::ours) << "until swept, its holder may still renew";
  EXPECT_GT(std::stoll(redis({"ZSCORE", "{q}:running", id}).text), time_of_redis() + 9000);
  sweep();
  EXPECT_EQ(state(id), "running");
}

TEST_F(LeaseTest, AnExpiredLeasePutsTheJobBackAtTheHeadWithoutUsingAnAttempt) {
  const auto id = add("Patient/1");
  add("Patient/1");
  const auto lost = claimed();
  lose(id);
  EXPECT_EQ(state(id), "queued");
  const auto job = claimed();
  EXPECT_EQ(job.id, id);
  EXPECT_EQ(job.attempt, 1);
  EXPECT_GT(job.claim, lost.claim);
}

TEST_F(LeaseTest, AFormerHolderIsToldAndWritesNothing) {
  const auto id = add("Patient/1");
  const auto former = claimed();
  lose(id);
  const auto claimed_again = claimed();
  await(moves.renew(claimed_again, updated(5)));
  const auto before = redis({"HGETALL", "{q}:job:" + id});

  EXPECT_EQ(await(moves.renew(former, updated(99))), Standing::lost);
  EXPECT_THROW(await(moves.owe(former, {"Organization/x"})), LeaseLost);
  for (const auto kind : {Verdict::Kind::completed, Verdict::Kind::failed, Verdict::Kind::cancelled,
                          Verdict::Kind::again, Verdict::Kind::handed_back})
    EXPECT_THROW(settle(former, kind), LeaseLost);
  EXPECT_EQ(queue::fields_of(redis({"HGETALL", "{q}:job:" + id})), queue::fields_of(before));
  EXPECT_TRUE(await(records.owed("Patient/1")).empty());
}

TEST_F(LeaseTest, AFormerHolderIsToldAlsoWhenNobodyHasTheJobNow) {
  const auto id = add("Patient/1");
  const auto former = claimed();
  lose(id);
  EXPECT_EQ(await(moves.renew(former, {})), Standing::lost);
  EXPECT_THROW(settle(former, Verdict::Kind::completed), LeaseLost);
  command("cancel", id);
  EXPECT_THROW(settle(former, Verdict::Kind::cancelled), LeaseLost) << "it was not this one that cancelled it";
}

TEST_F(LeaseTest, SettlingTwiceAnswersTheSame) {
  const std::vector<std::pair<Verdict::Kind, JobState>> all{{Verdict::Kind::completed, JobState::completed},
                                                            {Verdict::Kind::failed, JobState::failed},
                                                            {Verdict::Kind::cancelled, JobState::cancelled},
                                                            {Verdict::Kind::again, JobState::scheduled},
                                                            {Verdict::Kind::handed_back, JobState::queued}};
  int target = 0;
  for (const auto& [kind, expected] : all) {
    ++target;
    add("Patient/" + std::to_string(target), {{"priority", std::to_string(target)}});
    const auto job = claimed();
    EXPECT_EQ(settle(job, kind), expected);
    const auto stats_before = stats();
    EXPECT_EQ(settle(job, kind), expected);
    EXPECT_EQ(stats(), stats_before);
  }
}

TEST_F(LeaseTest, SettlingTwiceAnswersTheSameAlsoWhenTheJobWentOn) {
  add("Patient/1");
  const auto job = claimed();
  settle(job, Verdict::Kind::handed_back);
  const auto next = claimed();
  EXPECT_EQ(settle(job, Verdict::Kind::handed_back), JobState::queued);
  EXPECT_EQ(await(moves.renew(next, {})), Standing::ours);
}

TEST_F(LeaseTest, AClaimWhoseAnswerWasLostIsAnsweredAgain) {
  const auto id = add("Patient/1");
  add("Patient/2");
  const auto first = await(moves.claim("token"));
  let_lease_end(id);
  const auto again = await(moves.claim("token"));
  ASSERT_TRUE(first.job && again.job);
  EXPECT_EQ(again.job->id, first.job->id);
  EXPECT_EQ(again.job->claim, first.job->claim);
  EXPECT_EQ(again.job->attempt, 1);
  EXPECT_EQ(stats()["running"], "1");
  sweep();
  EXPECT_EQ(state(id), "running") << "the lease begins with the answer that came";
  EXPECT_NE(await(moves.claim("another")).job->id, id);
}

TEST_F(LeaseTest, ARequestThatTheNetworkRepeatsLateGivesNoSecondJob) {
  add("Patient/1");
  const auto waiting = add("Patient/2");
  settle(*await(moves.claim("token")).job, Verdict::Kind::completed);
  EXPECT_FALSE(await(moves.claim("token")).job) << "nobody would know of it";
  EXPECT_EQ(state(waiting), "queued");
  EXPECT_EQ(await(moves.claim("another")).job->id, waiting);
}

TEST_F(LeaseTest, AClaimThatAFailoverForgotIsNotGivenAgain) {
  add("Patient/1");
  const auto before = take_snapshot(io, client);
  const auto forgotten = claimed();
  restore(io, client, before);
  const auto job = claimed();
  EXPECT_EQ(job.id, forgotten.id);
  EXPECT_EQ(await(moves.renew(forgotten, {})), Standing::lost);
  EXPECT_THROW(settle(forgotten, Verdict::Kind::completed), LeaseLost);
  EXPECT_EQ(await(moves.renew(job, {})), Standing::ours);
}

TEST_F(LeaseTest, ThreeLostLeasesInARowWithoutGettingFurtherFailTheJob) {
  const auto id = add("Patient/1");
  const auto next = add("Patient/1");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(claimed().id, id);
    lose(id);
  }
  EXPECT_EQ(state(id), "failed");
  EXPECT_NE(field(id, "error").find("3 workers in a row"), std::string::npos) << field(id, "error");
  EXPECT_EQ(claimed().id, next);
}

TEST_F(LeaseTest, LostLeasesThatGotFurtherEachTimeFailNothing) {
  const auto id = add("Patient/1");
  for (std::uint64_t i = 1; i <= 5; ++i) {
    await(moves.renew(claimed(), updated(i)));
    lose(id);
  }
  EXPECT_EQ(state(id), "queued");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(state(id), "queued");
    await(moves.renew(claimed(), updated(5)));
    lose(id);
  }
  EXPECT_EQ(state(id), "failed");
}

TEST_F(LeaseTest, AnAttemptThatEndedProperlyBreaksTheRow) {
  for (const auto kind : {Verdict::Kind::handed_back, Verdict::Kind::again}) {
    const auto id = add("Patient/1", {{"maxAttempts", "10"}});
    for (int i = 0; i < 4; ++i) {
      claimed();
      lose(id);
      settle(claimed(), kind);
      let_delay_end(id);
      await(moves.promote());
    }
    EXPECT_EQ(state(id), "queued");
    command("cancel", id);
  }
}

TEST_F(LeaseTest, ASweepTakesFiftyAtATime) {
  for (int i = 0; i < 60; ++i) {
    const auto id = add("Patient/" + std::to_string(i));
    claimed();
    let_lease_end(id);
  }
  const auto first = await(moves.sweep(time_of_redis()));
  EXPECT_EQ(first.jobs, 50);
  EXPECT_EQ(first.next_end, 0ms);
  const auto second = await(moves.sweep(time_of_redis()));
  EXPECT_EQ(second.jobs, 10);
  EXPECT_FALSE(second.next_end);
}

TEST_F(LeaseTest, ASweepThatComesTooLateDoesNothing) {
  const auto id = add("Patient/1");
  claimed();
  let_lease_end(id);
  EXPECT_EQ(await(moves.sweep(time_of_redis() - 10000)).jobs, 0);
  EXPECT_EQ(state(id), "running");
}

TEST_F(LeaseTest, HandingBackUsesNoAttemptAndIsReadyAtOnce) {
  const auto id = add("Patient/1");
  add("Patient/1");
  EXPECT_EQ(settle(claimed(), Verdict::Kind::handed_back, "no token"), JobState::queued);
  EXPECT_EQ(field(id, "error"), "no token");
  const auto job = claimed();
  EXPECT_EQ(job.id, id);
  EXPECT_EQ(job.attempt, 1);
}

TEST_F(LeaseTest, AttemptsAreUsedUpByRetries) {
  const auto id = add("Patient/1", {{"maxAttempts", "2"}});
  EXPECT_EQ(settle(claimed(), Verdict::Kind::again, "first"), JobState::scheduled);
  EXPECT_EQ(field(id, "error"), "first");
  EXPECT_FALSE(field(id, "runAt").empty());
  let_delay_end(id);
  await(moves.promote());
  EXPECT_EQ(settle(claimed(), Verdict::Kind::again, "second"), JobState::failed);
  EXPECT_EQ(field(id, "error"), "second");
  EXPECT_EQ(field(id, "attempt"), "2");
}

}  // namespace
}  // namespace test
