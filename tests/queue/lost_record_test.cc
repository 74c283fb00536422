#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Verdict;

/// Jobs whose record somebody deleted, or Redis evicted, while they were alive.
class LostRecordTest : public QueueTest {
 protected:
  void TearDown() override { EXPECT_EQ(broken_invariant(io, client), ""); }

  void lose_record(const std::string& id) { redis({"DEL", "{q}:job:" + id}); }
  bool drained() { return await(moves.drained()); }
};

TEST_F(LostRecordTest, OfAJobThatWaitsToRetryLetsTheNextOfItsLineRun) {
  const auto lost = add("Patient/1", {{"priority", "5"}});
  const auto next = add("Patient/1");
  settle(claimed(), Verdict::Kind::again);
  lose_record(lost);
  let_delay_end(lost);
  await(moves.promote());
  const auto job = claimed();
  EXPECT_EQ(job.id, next);
  settle(job, Verdict::Kind::completed);
  EXPECT_TRUE(drained());
  EXPECT_EQ(stats()["scheduled"], "0");
}

TEST_F(LostRecordTest, OfARunningJobLetsTheNextOfItsLineRun) {
  const auto lost = add("Patient/1");
  const auto next = add("Patient/1");
  const auto job = claimed();
  lose_record(lost);
  EXPECT_THROW(settle(job, Verdict::Kind::completed), queue::LeaseLost);
  let_lease_end(lost);
  sweep();
  EXPECT_EQ(claimed().id, next);
  EXPECT_EQ(stats()["running"], "1");
}

TEST_F(LostRecordTest, OfADelayedJobIsForgottenWhenItsTimeComes) {
  const auto lost = add("Patient/1", {{"delay", "100000"}});
  lose_record(lost);
  let_delay_end(lost);
  await(moves.promote());
  EXPECT_FALSE(claim());
  EXPECT_TRUE(drained());
}

TEST_F(LostRecordTest, OfHundredsInARowDoesNotHideTheJobBehindThem) {
  std::vector<queue::InboxEntry> entries(350, {{"target", "Patient/1"}, {"accounts", ""}});
  const auto ids = await(producer.enqueue(entries));
  for (int call = 0; call < 4; ++call) await(moves.take_in());
  const auto running = claimed();
  for (std::size_t i = 1; i + 1 < ids.size(); ++i) lose_record(ids[i]);
  settle(running, Verdict::Kind::completed);
  EXPECT_EQ(claimed().id, ids.back());
  EXPECT_EQ(redis({"LLEN", "{q}:line:Patient/1"}).number, 1);
}

TEST_F(LostRecordTest, LetsAJobOfTheSameIdComeAnewWithAnotherTarget) {
  add("Patient/1", {{"id", "mine"}});
  lose_record("mine");
  add("Patient/2", {{"id", "mine"}});
  EXPECT_FALSE(exists("{q}:line:Patient/1"));
  EXPECT_EQ(claimed().target, "Patient/2");
  EXPECT_EQ(stats()["queued"], "0");
}

TEST_F(LostRecordTest, OfABatchsLastJobLetsTheBatchExpire) {
  add("Patient/1", {{"batch", "a batch"}});
  settle(claimed(), Verdict::Kind::completed);
  const auto lost = add("Patient/2", {{"batch", "a batch"}});
  claimed();
  lose_record(lost);
  let_lease_end(lost);
  sweep();
  auto batch = await(records.batch("a batch"));
  EXPECT_EQ(batch["jobs"], "1");
  EXPECT_EQ(batch["running"], "0");
  EXPECT_GT(redis({"PTTL", "{q}:batch:a batch"}).number, 0);
}

TEST_F(LostRecordTest, ThatComesAnewIsNotTheOneThatAFormerHolderHolds) {
  add("Patient/1", {{"id", "mine"}});
  const auto former = claimed();
  lose_record("mine");
  add("Patient/1", {{"id", "mine"}});
  const auto job = claimed();
  EXPECT_NE(job.claim, former.claim);
  EXPECT_EQ(await(moves.renew(former, {})), queue::Standing::lost);
  EXPECT_EQ(await(moves.renew(job, {})), queue::Standing::ours);
}

TEST_F(LostRecordTest, OfAFinishedJobIsForgottenWhenItWouldHaveExpired) {
  const auto lost = add("Patient/1");
  settle(claimed(), Verdict::Kind::completed);
  lose_record(lost);
  redis({"ZADD", "{q}:finished", "1", lost});
  await(moves.expire());
  EXPECT_FALSE(exists("{q}:finished"));
  EXPECT_FALSE(exists("{q}:jobs"));
}

}  // namespace
}  // namespace test
