#include "queue/audit_trail.h"
#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Progress;
using queue::Verdict;

/// What a record shows while its job runs and afterwards.
class ProgressTest : public QueueTest {
 protected:
  /// As if the time had come that all finished records are kept for.
  void let_all_expire() {
    for (const auto& key : queue::texts_of(redis({"KEYS", "{q}:*"})))
      if (redis({"PTTL", key}).number > 0) redis({"DEL", key});
    for (const auto& id : queue::texts_of(redis({"ZRANGE", "{q}:finished", "0", "-1"})))
      redis({"ZADD", "{q}:finished", "1", id});
    await(moves.expire());
  }
};

TEST_F(ProgressTest, ShowsPhasePassAndCountsWhileRunning) {
  const auto id = add("Patient/1");
  const auto job = claimed();
  Progress progress;
  progress.phase = queue::Phase::verify;
  progress.pass = 2;
  progress.counts = {.updated = 1, .written = 2, .to_write = 9, .unchanged = 3, .gone = 4, .failed = 5, .total = 6};
  progress.removals = R"(["Organization/x"])";
  await(moves.renew(job, progress));
  EXPECT_EQ(field(id, "phase"), "verify");
  EXPECT_EQ(field(id, "pass"), "2");
  EXPECT_EQ(field(id, "resourcesUpdated"), "1");
  EXPECT_EQ(field(id, "resourcesWritten"), "2");
  EXPECT_EQ(field(id, "resourcesUnchanged"), "3");
  EXPECT_EQ(field(id, "resourcesGone"), "4");
  EXPECT_EQ(field(id, "resourcesFailed"), "5");
  EXPECT_EQ(field(id, "resourcesTotal"), "6");
  EXPECT_EQ(field(id, "resourcesToWrite"), "");
  EXPECT_EQ(field(id, "removals"), R"(["Organization/x"])");
  settle(job, Verdict::Kind::failed);
  EXPECT_EQ(field(id, "phase"), "");
  EXPECT_EQ(field(id, "pass"), "");
}

TEST_F(ProgressTest, ADryRunCountsWhatItWouldWrite) {
  const auto id = add("Patient/1", {{"dryRun", "true"}});
  Progress progress;
  progress.dry_run = true;
  progress.counts.to_write = 9;
  await(moves.renew(claimed(), progress));
  EXPECT_EQ(field(id, "resourcesToWrite"), "9");
  EXPECT_EQ(field(id, "resourcesWritten"), "");
}

TEST_F(ProgressTest, ShowsAccountsAsJsonAndGivesTheNextAttemptWhatWasAskedFor) {
  const auto id = add("Patient/1");
  const auto with_parameters = add_entry({{"target", "Patient/2"}, {"parameters", "{}"}});
  Progress progress;
  progress.accounts = R"(["Organization/a"])";
  for (int i = 0; i < 2; ++i) {
    const auto job = claimed();
    EXPECT_EQ(job.fields.at("accounts"), "Organization/a");
    const auto other = claimed();
    EXPECT_FALSE(other.fields.contains("accounts"));
    await(moves.renew(job, progress));
    await(moves.renew(other, progress));
    progress.accounts = R"(["Organization/a","Organization/b"])";
    await(moves.renew(job, progress));
    await(moves.renew(other, progress));
    EXPECT_EQ(field(id, "accounts"), progress.accounts);
    EXPECT_EQ(field(with_parameters, "accounts"), progress.accounts);
    settle(other, Verdict::Kind::handed_back);
    settle(job, Verdict::Kind::handed_back);
  }
}

TEST_F(ProgressTest, KeepsFailuresOnceEachHoweverOftenTheyAreSaid) {
  const auto id = add("Patient/1");
  const auto job = claimed();
  Progress progress;
  progress.failures = {"a", "b"};
  await(moves.renew(job, progress));
  await(moves.renew(job, progress));
  progress.failures = {"b", "c"};
  progress.first_failure = 1;
  await(moves.renew(job, progress));
  EXPECT_EQ(await(records.failures(id)), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(ProgressTest, KeepsAThousandFailures) {
  const auto id = add("Patient/1");
  Verdict verdict;
  verdict.kind = Verdict::Kind::failed;
  verdict.progress.failures.assign(1500, "{}");
  await(moves.settle(claimed(), verdict));
  EXPECT_EQ(await(records.failures(id)).size(), 1000U);
}

TEST_F(ProgressTest, EachAttemptCountsAnewButForWhatWasWritten) {
  const auto id = add("Patient/1");
  Verdict verdict;
  verdict.kind = Verdict::Kind::again;
  verdict.progress.counts.written = 7;
  verdict.progress.counts.updated = 8;
  verdict.progress.failures = {"{}"};
  await(moves.settle(claimed(), verdict));
  let_delay_end(id);
  await(moves.promote());
  EXPECT_EQ(field(id, "resourcesUpdated"), "8");
  const auto job = claimed();
  EXPECT_EQ(job.written_before, 7U);
  EXPECT_EQ(field(id, "resourcesWritten"), "7");
  EXPECT_EQ(field(id, "resourcesUpdated"), "");
  EXPECT_TRUE(await(records.failures(id)).empty());
}

TEST_F(ProgressTest, FinishedRecordsAndTheirFailuresExpire) {
  const auto id = add("Patient/1");
  Verdict verdict;
  verdict.kind = Verdict::Kind::failed;
  verdict.progress.failures = {"{}"};
  await(moves.settle(claimed(), verdict));
  for (const auto& key : {"{q}:job:" + id, "{q}:job:" + id + ":failures"}) {
    EXPECT_GT(redis({"PTTL", key}).number, 3500000) << key;
    EXPECT_LE(redis({"PTTL", key}).number, 3600000) << key;
  }
  EXPECT_EQ(await(moves.expire()), 0);
  EXPECT_TRUE(exists("{q}:finished"));
}

TEST_F(ProgressTest, LeavesNothingBehindWhenAllHasExpired) {
  for (const auto kind : {Verdict::Kind::completed, Verdict::Kind::failed, Verdict::Kind::cancelled}) {
    add("Patient/1", {{"priority", "3"}, {"batch", "b"}});
    settle(claimed(), kind);
  }
  add("nobody", {{"batch", "b"}});
  queue::AuditTrail trail(client, "q");
  await(trail.written(await(trail.borrow())));
  let_all_expire();
  auto left = queue::texts_of(redis({"KEYS", "*"}));
  std::ranges::sort(left);
  EXPECT_EQ(left, (std::vector<std::string>{"{q}:inbox", "{q}:order", "{q}:stats", "{q}:wake"}));
}

}  // namespace
}  // namespace test
