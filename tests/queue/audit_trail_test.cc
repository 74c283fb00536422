#include "queue/audit_trail.h"

#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Ending;
using queue::JobState;
using queue::Verdict;

class AuditTrailTest : public QueueTest {
 protected:
  std::vector<Ending> borrow() { return await(trail.borrow()); }
  /// As if half a minute had gone by.
  void let_time_pass() {
    for (const auto& ending : redis({"ZRANGE", "{q}:unaudited", "0", "-1"}).items)
      redis({"ZADD", "{q}:unaudited", "1", ending.text});
  }
  /// What it says of the only ending there is: its state, and whose.
  std::string only_ending() {
    const auto endings = borrow();
    if (endings.size() != 1) return std::to_string(endings.size()) + " endings";
    return endings[0].job + " " + std::string(name_of(endings[0].state)) + " " + endings[0].target;
  }

  queue::AuditTrail trail{client, "q"};
};

TEST_F(AuditTrailTest, HasNothingOfJobsThatAreNotOver) {
  add("Patient/1");
  const auto job = claimed();
  settle(job, Verdict::Kind::again);
  EXPECT_TRUE(borrow().empty());
}

TEST_F(AuditTrailTest, KnowsOfAJobThatAWorkerEnded) {
  const auto id = add("Patient/1", {{"requestedBy", "Practitioner/1"}});
  settle(claimed(), Verdict::Kind::completed);
  const auto endings = borrow();
  ASSERT_EQ(endings.size(), 1U);
  EXPECT_EQ(endings[0].job, id);
  EXPECT_EQ(endings[0].state, JobState::completed);
  EXPECT_EQ(endings[0].target, "Patient/1");
  EXPECT_TRUE(endings[0].record_is_of_this());
  EXPECT_EQ(endings[0].record->field("requestedBy"), "Practitioner/1");
}

TEST_F(AuditTrailTest, KnowsOfAJobWhoseAttemptsAreUsedUp) {
  const auto id = add("Patient/1", {{"maxAttempts", "1"}});
  settle(claimed(), Verdict::Kind::again, "no luck");
  EXPECT_EQ(only_ending(), id + " failed Patient/1");
}

TEST_F(AuditTrailTest, KnowsOfAJobThatWasCancelledWhileItWaited) {
  const auto id = add("Patient/1");
  command("cancel", id);
  EXPECT_EQ(only_ending(), id + " cancelled Patient/1");
}

TEST_F(AuditTrailTest, KnowsOfAJobThatWasHandedBackAndIsToBeCancelled) {
  const auto id = add("Patient/1");
  const auto job = claimed();
  command("cancel", id);
  settle(job, Verdict::Kind::handed_back);
  EXPECT_EQ(only_ending(), id + " cancelled Patient/1");
}

TEST_F(AuditTrailTest, KnowsOfAJobThatKilledItsWorkers) {
  const auto id = add("Patient/1");
  for (int i = 0; i < 3; ++i) {
    claimed();
    let_lease_end(id);
    sweep();
  }
  EXPECT_EQ(only_ending(), id + " failed Patient/1");
}

TEST_F(AuditTrailTest, KnowsOfAnEntryThatNeverWasAJob) {
  const auto id = add_entry({{"target", "no reference at all"}, {"accounts", ""}});
  EXPECT_EQ(only_ending(), id + " failed ");
}

TEST_F(AuditTrailTest, LendsAnEndingToOneAtATime) {
  const auto id = add("Patient/1");
  settle(claimed(), Verdict::Kind::completed);
  EXPECT_EQ(borrow().size(), 1U);
  EXPECT_TRUE(borrow().empty()) << "somebody has it";
  let_time_pass();
  EXPECT_EQ(only_ending(), id + " completed Patient/1") << "who had it died";
}

TEST_F(AuditTrailTest, ForgetsWhatWasWritten) {
  add("Patient/1");
  settle(claimed(), Verdict::Kind::completed);
  await(trail.written(borrow()));
  EXPECT_FALSE(exists("{q}:unaudited"));
}

TEST_F(AuditTrailTest, KeepsTheSecondEndingOfAJobWhoseFirstIsBeingWritten) {
  const auto id = add("Patient/1");
  settle(claimed(), Verdict::Kind::failed, "no luck");
  const auto first = borrow();
  command("retry", id);
  settle(claimed(), Verdict::Kind::completed);
  await(trail.written(first));
  EXPECT_EQ(only_ending(), id + " completed Patient/1");
}

TEST_F(AuditTrailTest, TellsARecordThatIsOfThisEndingFromWhatARetryMadeOfIt) {
  const auto id = add("Patient/1");
  settle(claimed(), Verdict::Kind::failed, "no luck");
  command("retry", id);
  const auto endings = borrow();
  ASSERT_EQ(endings.size(), 1U);
  ASSERT_TRUE(endings[0].record);
  EXPECT_FALSE(endings[0].record_is_of_this());
}

TEST_F(AuditTrailTest, StillKnowsOfAJobWhoseRecordHasExpired) {
  const auto id = add("Patient/1");
  settle(claimed(), Verdict::Kind::completed);
  redis({"DEL", "{q}:job:" + id});
  const auto endings = borrow();
  ASSERT_EQ(endings.size(), 1U);
  EXPECT_FALSE(endings[0].record);
  EXPECT_EQ(endings[0].target, "Patient/1");
  EXPECT_GT(endings[0].finished_at, 0);
}

TEST_F(AuditTrailTest, GivesTheOldestAHundred) {
  for (int i = 0; i < 103; ++i) add_entry({{"target", "none"}});
  EXPECT_EQ(borrow().size(), 100U);
  EXPECT_EQ(borrow().size(), 3U);
}

TEST_F(AuditTrailTest, KeepsWhatTheFirstPlanFound) {
  const auto id = add("Patient/1");
  auto job = claimed();
  queue::Progress progress;
  progress.before = R"(["Organization/old"])";
  await(moves.renew(job, progress));
  settle(job, Verdict::Kind::again);
  let_delay_end(id);
  await(moves.promote());
  job = claimed();
  progress.before = R"(["Organization/a"])";
  await(moves.renew(job, progress));
  EXPECT_EQ(field(id, "accountsBefore"), R"(["Organization/old"])");
}

TEST_F(AuditTrailTest, TakesNoProducersWordForWhatWasThereBefore) {
  const auto id = add("Patient/1", {{"accountsBefore", "[]"}});
  EXPECT_EQ(field(id, "accountsBefore"), "");
}

}  // namespace
}  // namespace test
