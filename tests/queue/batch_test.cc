#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Verdict;

using BatchTest = QueueTest;

Verdict with_counts(Verdict::Kind kind, std::uint64_t updated) {
  Verdict verdict;
  verdict.kind = kind;
  verdict.progress.counts.updated = updated;
  verdict.progress.counts.failed = kind == Verdict::Kind::failed ? 1 : 0;
  return verdict;
}

TEST_F(BatchTest, CountsJobsByStateAndSumsWhatTheFinishedOnesDid) {
  add("Patient/1", {{"batch", "b"}});
  const auto failed = add("Patient/2", {{"batch", "b"}});
  add("Patient/3", {{"batch", "b"}});
  add("Patient/4", {{"batch", "b"}, {"delay", "100000"}});
  add("Patient/5", {{"batch", "other"}});
  add("nobody", {{"batch", "b"}});
  await(moves.settle(claimed(), with_counts(Verdict::Kind::completed, 10)));
  await(moves.settle(claimed(), with_counts(Verdict::Kind::failed, 5)));
  await(moves.renew(claimed(), with_counts(Verdict::Kind::completed, 100).progress));

  auto batch = await(records.batch("b"));
  EXPECT_EQ(batch["jobs"], "5");
  EXPECT_EQ(batch["completed"], "1");
  EXPECT_EQ(batch["failed"], "2");
  EXPECT_EQ(batch["running"], "1");
  EXPECT_EQ(batch["scheduled"], "1");
  EXPECT_EQ(batch["queued"], "0");
  EXPECT_EQ(batch["resourcesUpdated"], "15");
  EXPECT_EQ(batch["resourcesFailed"], "1");
  EXPECT_FALSE(batch["firstAt"].empty());
  EXPECT_GE(batch["lastAt"], batch["firstAt"]);

  command("retry", failed);
  batch = await(records.batch("b"));
  EXPECT_EQ(batch["resourcesUpdated"], "10");
  EXPECT_EQ(batch["resourcesFailed"], "0");
  EXPECT_EQ(batch["failed"], "1");
  EXPECT_EQ(batch["queued"], "1");
  EXPECT_EQ(batch["jobs"], "5");
  EXPECT_EQ(broken_invariant(io, client), "");
}

TEST_F(BatchTest, ExpiresWithItsLastJob) {
  const auto ttl = [&] { return redis({"PTTL", "{q}:batch:b"}).number; };
  add("Patient/1", {{"batch", "b"}});
  const auto last = add("Patient/2", {{"batch", "b"}});
  settle(claimed(), Verdict::Kind::completed);
  EXPECT_EQ(ttl(), -1);
  settle(claimed(), Verdict::Kind::failed);
  EXPECT_GT(ttl(), 3500000);
  command("retry", last);
  EXPECT_EQ(ttl(), -1);
  command("cancel", last);
  EXPECT_GT(ttl(), 3500000);
}

TEST_F(BatchTest, StatsCountWhatIsAliveAndAllThatEverEnded) {
  const auto failed = add("Patient/1");
  settle(claimed(), Verdict::Kind::failed);
  command("retry", failed);
  settle(claimed(), Verdict::Kind::completed);
  add("Patient/1");
  add("Patient/1", {{"delay", "100000"}});
  claimed();
  auto numbers = stats();
  EXPECT_EQ(numbers["queued"], "0");
  EXPECT_EQ(numbers["running"], "1");
  EXPECT_EQ(numbers["scheduled"], "1");
  EXPECT_EQ(numbers["failed"], "1");
  EXPECT_EQ(numbers["completed"], "1");
}

}  // namespace
}  // namespace test
