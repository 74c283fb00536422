#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::JobState;
using queue::Standing;
using queue::Verdict;

/// Commands that come through the inbox.
class CommandsTest : public QueueTest {
 protected:
  void TearDown() override { EXPECT_EQ(broken_invariant(io, client), ""); }

  void make_last_update_old(const std::string& id) { redis({"HSET", "{q}:job:" + id, "updatedAt", "1"}); }
};

TEST_F(CommandsTest, CancelTakesAQueuedJobOutOfItsLine) {
  add("Patient/1");
  const auto second = add("Patient/1");
  command("cancel", second);
  EXPECT_EQ(state(second), "cancelled");
  EXPECT_EQ(redis({"LLEN", "{q}:line:Patient/1"}).number, 1);
}

TEST_F(CommandsTest, CancelOfAHeadLetsTheNextRun) {
  const auto first = add("Patient/1");
  const auto second = add("Patient/1");
  command("cancel", first);
  EXPECT_EQ(claimed().id, second);
}

TEST_F(CommandsTest, CancelTakesADelayedJobOut) {
  const auto id = add("Patient/1", {{"delay", "100000"}});
  command("cancel", id);
  EXPECT_EQ(state(id), "cancelled");
  EXPECT_EQ(field(id, "runAt"), "");
}

TEST_F(CommandsTest, CancelOfAJobThatWaitsToRetryLetsTheNextRun) {
  const auto first = add("Patient/1");
  const auto second = add("Patient/1");
  settle(claimed(), Verdict::Kind::again);
  command("cancel", first);
  EXPECT_EQ(state(first), "cancelled");
  EXPECT_EQ(claimed().id, second);
}

TEST_F(CommandsTest, CancelOfARunningJobIsToldToItsHolder) {
  const auto id = add("Patient/1");
  const auto job = claimed();
  command("cancel", id);
  EXPECT_EQ(state(id), "running");
  EXPECT_EQ(await(moves.renew(job, {})), Standing::cancel_requested);
  EXPECT_EQ(settle(job, Verdict::Kind::cancelled), JobState::cancelled);
  EXPECT_EQ(field(id, "cancelRequested"), "");
}

TEST_F(CommandsTest, ACancelledJobIsNotTriedAgain) {
  for (const auto kind : {Verdict::Kind::again, Verdict::Kind::handed_back}) {
    const auto id = add("Patient/1");
    const auto job = claimed();
    command("cancel", id);
    EXPECT_EQ(settle(job, kind), JobState::cancelled);
  }
}

TEST_F(CommandsTest, AJobThatWasDoneBeforeItHeardOfTheCancelIsCompleted) {
  const auto id = add("Patient/1");
  const auto job = claimed();
  command("cancel", id);
  EXPECT_EQ(settle(job, Verdict::Kind::completed), JobState::completed);
}

TEST_F(CommandsTest, CancelOfAJobWhoseHolderDiedIsDoneByTheSweep) {
  const auto id = add("Patient/1");
  claimed();
  command("cancel", id);
  let_lease_end(id);
  sweep();
  EXPECT_EQ(state(id), "cancelled");
}

TEST_F(CommandsTest, CancelOfAFinishedOrUnknownJobChangesNothing) {
  const auto id = add("Patient/1");
  settle(claimed(), Verdict::Kind::completed);
  command("cancel", id);
  command("cancel", "unknown");
  EXPECT_EQ(state(id), "completed");
  EXPECT_FALSE(exists("{q}:job:unknown"));
}

TEST_F(CommandsTest, RetryBeginsAnewAtTheEndOfTheLine) {
  const auto id = add("Patient/1");
  const auto job = claimed();
  Verdict verdict;
  verdict.kind = Verdict::Kind::failed;
  verdict.error = "no luck";
  verdict.progress.counts.written = 5;
  verdict.progress.counts.failed = 1;
  verdict.progress.failures = {"{}"};
  await(moves.settle(job, verdict));
  const auto waiting = add("Patient/1");

  command("retry", id);
  EXPECT_EQ(state(id), "queued");
  for (const char* name : {"error", "attempt", "resourcesWritten", "resourcesFailed", "finishedAt", "startedAt"})
    EXPECT_EQ(field(id, name), "") << name;
  EXPECT_TRUE(await(records.failures(id)).empty());
  EXPECT_EQ(redis({"PTTL", "{q}:job:" + id}).number, -1);
  const auto next = claimed();
  EXPECT_EQ(next.id, waiting);
  settle(next, Verdict::Kind::failed);
  const auto again = claimed();
  EXPECT_EQ(again.id, id);
  EXPECT_EQ(again.attempt, 1);
  EXPECT_EQ(again.written_before, 0U);
  EXPECT_GT(again.claim, job.claim);
}

TEST_F(CommandsTest, RetryIsForFailedAndCancelledJobsOnly) {
  const auto completed = add("Patient/1");
  settle(claimed(), Verdict::Kind::completed);
  const auto running = add("Patient/1");
  claimed();
  const auto queued = add("Patient/1");
  const auto cancelled = add("Patient/2");
  command("cancel", cancelled);
  for (const auto& id : {completed, running, queued, cancelled}) command("retry", id);
  EXPECT_EQ(state(completed), "completed");
  EXPECT_EQ(state(running), "running");
  EXPECT_EQ(state(cancelled), "queued");
  EXPECT_EQ(redis({"LLEN", "{q}:line:Patient/1"}).number, 2);
}

TEST_F(CommandsTest, RetryOfWhatNeverWasAJobIsRefused) {
  const auto id = add_entry({{"target", "Patient/1"}});
  make_last_update_old(id);
  command("retry", id);
  EXPECT_EQ(state(id), "failed");
  EXPECT_EQ(field(id, "error"), "retry refused: it never was a valid job");
  EXPECT_NE(field(id, "updatedAt"), "1");
}

TEST_F(CommandsTest, ACommandGivenTwiceInAnEntryIsNotCarriedOut) {
  const auto first = add("Patient/1");
  const auto second = add("Patient/1");
  const auto id = add_entry({{"cancel", first}, {"cancel", second}});
  EXPECT_EQ(field(id, "error"), "cancel: given more than once");
  EXPECT_EQ(state(first), "queued");
  EXPECT_EQ(state(second), "queued");
}

TEST_F(CommandsTest, RetryIsRefusedWhenALaterJobForTheTargetHasCompleted) {
  const auto id = add("Patient/1");
  settle(claimed(), Verdict::Kind::failed, "no luck");
  add("Patient/1");
  settle(claimed(), Verdict::Kind::completed);
  make_last_update_old(id);
  command("retry", id);
  EXPECT_EQ(state(id), "failed");
  EXPECT_TRUE(field(id, "error").starts_with("retry refused: a later job for Patient/1")) << field(id, "error");
  EXPECT_NE(field(id, "updatedAt"), "1");
}

TEST_F(CommandsTest, RetryIsNotRefusedForWhatCompletedEarlierElsewhereOrDry) {
  add("Patient/1");
  settle(claimed(), Verdict::Kind::completed);
  const auto id = add("Patient/1");
  settle(claimed(), Verdict::Kind::failed);
  add("Patient/2");
  settle(claimed(), Verdict::Kind::completed);
  add("Patient/1", {{"dryRun", "true"}});
  settle(claimed(), Verdict::Kind::completed);
  command("retry", id);
  EXPECT_EQ(state(id), "queued");
}

TEST_F(CommandsTest, CommandsAreCarriedOutInTheOrderOfTheInbox) {
  redis({"XADD", "{q}:inbox", "*", "target", "Patient/1", "accounts", "", "id", "mine"});
  await(producer.cancel("mine"));
  await(producer.retry("mine"));
  await(producer.cancel("mine"));
  await(moves.take_in());
  EXPECT_EQ(state("mine"), "cancelled");
  EXPECT_EQ(stats()["cancelled"], "2");
}

}  // namespace
}  // namespace test
