#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Verdict;

/// In which order jobs are given.
class OrderTest : public QueueTest {
 protected:
  /// Claims and completes until nothing is ready.
  std::vector<std::string> run_all() {
    std::vector<std::string> ids;
    for (auto job = claim(); job; job = claim()) {
      ids.push_back(job->id);
      settle(*job, Verdict::Kind::completed);
    }
    return ids;
  }
};

using Ids = std::vector<std::string>;

TEST_F(OrderTest, JobsForOneTargetRunOneAtATimeInTheOrderOfTheInbox) {
  const auto first = add("Patient/1");
  const auto second = add("Patient/1");
  const auto third = add("Patient/1");
  const auto running = claimed();
  EXPECT_EQ(running.id, first);
  EXPECT_FALSE(claim());
  settle(running, Verdict::Kind::failed);
  EXPECT_EQ(run_all(), (Ids{second, third}));
}

TEST_F(OrderTest, JobsForDifferentTargetsRunSideBySide) {
  const auto one = add("Patient/1");
  const auto two = add("Patient/2");
  EXPECT_EQ(claimed().id, one);
  EXPECT_EQ(claimed().id, two);
  EXPECT_EQ(stats()["running"], "2");
}

TEST_F(OrderTest, PriorityDecidesBetweenTargetsThenAge) {
  const auto plain = add("Patient/1");
  const auto low = add("Patient/2", {{"priority", "-1000"}});
  const auto high = add("Patient/3", {{"priority", "1000"}});
  const auto plain_later = add("Patient/4", {{"priority", "0"}});
  redis({"HSET", "{q}:job:" + plain, "enqueuedAt", "1"});
  EXPECT_EQ(claimed().id, high);
  const auto high_again = add("Patient/5", {{"priority", "7"}});
  EXPECT_EQ(run_all(), (Ids{high_again, plain, plain_later, low}));
}

TEST_F(OrderTest, AnUrgentJobPullsItsWholeLine) {
  const auto other = add("Patient/1", {{"priority", "5"}});
  const auto head = add("Patient/2");
  const auto urgent = add("Patient/2", {{"priority", "9"}});
  EXPECT_EQ(run_all(), (Ids{head, urgent, other}));
}

TEST_F(OrderTest, ALineFallsBackWhenItsUrgentJobIsCancelled) {
  const auto other = add("Patient/1", {{"priority", "5"}});
  const auto head = add("Patient/2");
  const auto urgent = add("Patient/2", {{"priority", "9"}});
  command("cancel", urgent);
  EXPECT_EQ(run_all(), (Ids{other, head}));
  EXPECT_FALSE(exists("{q}:line:Patient/2:priorities"));
}

TEST_F(OrderTest, AHeadOfLowPriorityDoesNotPullDownThoseBehindIt) {
  const auto low = add("Patient/1", {{"priority", "-5"}});
  const auto between = add("Patient/2", {{"priority", "-1"}});
  const auto plain = add("Patient/1");
  EXPECT_EQ(run_all(), (Ids{low, plain, between}));
}

TEST_F(OrderTest, ADelayedJobJoinsItsLineWhenItsDelayIsOver) {
  const auto delayed = add("Patient/1", {{"delay", "100000"}});
  const auto later = add("Patient/1");
  EXPECT_EQ(state(delayed), "scheduled");
  EXPECT_EQ(std::stoll(field(delayed, "runAt")), std::stoll(field(delayed, "enqueuedAt")) + 100000);
  const auto promoted = await(moves.promote());
  EXPECT_GT(promoted.next_due, 90s);
  EXPECT_LE(promoted.next_due, 100s);

  let_delay_end(delayed);
  EXPECT_FALSE(await(moves.promote()).next_due);
  EXPECT_EQ(state(delayed), "queued");
  EXPECT_EQ(field(delayed, "runAt"), "");
  EXPECT_EQ(run_all(), (Ids{later, delayed}));
}

TEST_F(OrderTest, ADelayThatIsOverAlreadyIsNone) {
  const auto id = add("Patient/1", {{"delay", "0"}});
  EXPECT_EQ(state(id), "queued");
}

TEST_F(OrderTest, AJobThatWaitsToRetryKeepsTheHeadOfItsLine) {
  const auto first = add("Patient/1");
  const auto second = add("Patient/1");
  Verdict again;
  again.kind = Verdict::Kind::again;
  again.delay_ms = 100000;
  EXPECT_EQ(await(moves.settle(claimed(), again)), queue::JobState::scheduled);
  EXPECT_FALSE(claim());
  let_delay_end(first);
  await(moves.promote());
  EXPECT_EQ(run_all(), (Ids{first, second}));
}

TEST_F(OrderTest, NothingIsGivenWhilePaused) {
  add("Patient/1");
  const auto running = claimed();
  command("pause", "true");
  const auto after = add("Patient/2");
  EXPECT_FALSE(claim());
  EXPECT_EQ(await(moves.renew(running, {})), queue::Standing::ours);
  EXPECT_EQ(settle(running, Verdict::Kind::completed), queue::JobState::completed);
  EXPECT_EQ(state(after), "queued");
  const auto asleep = await(moves.claim("paused")).last_wake;
  command("pause", "false");
  const auto awake = await(moves.claim("resumed"));
  EXPECT_EQ(awake.job->id, after);
  EXPECT_NE(awake.last_wake, asleep) << "whoever waits is woken";
}

TEST_F(OrderTest, ARecordThatSomebodyDeletedDoesNotBlockItsLine) {
  const auto deleted = add("Patient/1");
  const auto next = add("Patient/1");
  redis({"DEL", "{q}:job:" + deleted});
  EXPECT_EQ(claimed().id, next);
  EXPECT_EQ(broken_invariant(io, client), "");
}

TEST_F(OrderTest, AFinishedJobThatIsStillInALineDoesNotBlockIt) {
  const auto over = add("Patient/1");
  settle(claimed(), Verdict::Kind::completed);
  redis({"RPUSH", "{q}:line:Patient/1", over});
  const auto next = add("Patient/1");
  EXPECT_EQ(claimed().id, next);
  EXPECT_EQ(state(over), "completed");
  EXPECT_EQ(broken_invariant(io, client), "");
}

TEST_F(OrderTest, AMoveThatMakesALineReadyWakesThoseWhoWait) {
  const auto wakes = [&] { return redis({"XREVRANGE", "{q}:wake", "+", "-"}).items; };
  add("Patient/1");
  const auto first = wakes();
  ASSERT_EQ(first.size(), 1U);
  add("Patient/1");
  EXPECT_EQ(wakes()[0].items[0].text, first[0].items[0].text) << "the line was ready already";
  settle(claimed(), Verdict::Kind::completed);
  ASSERT_EQ(wakes().size(), 1U);
  EXPECT_NE(wakes()[0].items[0].text, first[0].items[0].text);
}

}  // namespace
}  // namespace test
