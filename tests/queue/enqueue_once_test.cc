#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Verdict;

/// A request that is made twice, because its caller never heard of the first.
class EnqueueOnceTest : public QueueTest {
 protected:
  queue::Producer::Asked ask(const std::string& fingerprint = "f", const std::string& target = "Patient/1") {
    return await(producer.enqueue_once(target, fingerprint, {{"target", target}, {"accounts", "Organization/a"}}));
  }
  std::string plain_entry(const std::string& name, const std::string& value) {
    return redis({"XADD", "{q}:inbox", "*", name, value, "accounts", ""}).text;
  }
  void take_in() { await(moves.take_in()); }
  /// Of a target's jobs; one that was cancelled before it could begin changed nothing.
  std::string last_of(const std::vector<std::string>& jobs) {
    const auto last =
        std::find_if(jobs.rbegin(), jobs.rend(), [&](const auto& id) { return state(id) != "cancelled"; });
    return last == jobs.rend() ? "none" : *last;
  }
  void expect_known(const std::string& id) {
    const auto again = ask();
    EXPECT_TRUE(again.known);
    EXPECT_EQ(again.id, id);
  }
  void expect_new(const std::string& than) {
    const auto again = ask();
    EXPECT_FALSE(again.known);
    EXPECT_NE(again.id, than);
    take_in();
    EXPECT_EQ(broken_invariant(io, client), "");
  }
};

TEST_F(EnqueueOnceTest, AnswersTheSameJobAsLongAsItIsNotOver) {
  const auto first = ask();
  EXPECT_FALSE(first.known);
  expect_known(first.id);
  take_in();
  EXPECT_EQ(state(first.id), "queued");
  expect_known(first.id);
  const auto job = claimed();
  expect_known(first.id);
  settle(job, Verdict::Kind::again);
  EXPECT_EQ(state(first.id), "scheduled");
  expect_known(first.id);
  let_delay_end(first.id);
  await(moves.promote());
  settle(claimed(), Verdict::Kind::completed);
  expect_new(first.id);
}

TEST_F(EnqueueOnceTest, AddsAJobForAnotherRequestAndForAnotherTarget) {
  const auto first = ask();
  EXPECT_FALSE(ask("f", "Patient/2").known);
  expect_known(first.id);
  EXPECT_FALSE(ask("g").known);
  expect_new(first.id);
}

TEST_F(EnqueueOnceTest, AddsAJobWhereAnotherForTheTargetCameAfterIt) {
  const auto in_the_inbox = ask();
  plain_entry("target", "Patient/1");
  expect_new(in_the_inbox.id);

  const auto taken_in = ask();
  EXPECT_TRUE(taken_in.known);
  plain_entry("target", "Patient/1");
  take_in();
  expect_new(taken_in.id);
}

TEST_F(EnqueueOnceTest, IsNotConfusedByJobsForOthers) {
  const auto first = ask();
  plain_entry("target", "Patient/2");
  plain_entry("cancel", "1-1");
  plain_entry("pause", "false");
  expect_known(first.id);
  take_in();
  plain_entry("target", "Patient/2");
  expect_known(first.id);
}

TEST_F(EnqueueOnceTest, AddsAJobWhereTheKnownOneIsToBeCancelled) {
  const auto waiting = ask();
  await(producer.cancel(waiting.id));
  const auto second = ask();
  EXPECT_FALSE(second.known);
  take_in();
  const auto job = claimed();
  EXPECT_EQ(job.id, second.id);
  await(producer.cancel(second.id));
  take_in();
  expect_new(second.id);
}

TEST_F(EnqueueOnceTest, AddsAJobWhereAnOlderOneForTheTargetIsBroughtBack) {
  const auto older = add("Patient/1");
  settle(claimed(), Verdict::Kind::failed);
  const auto elsewhere = add("Patient/2");
  settle(claimed(), Verdict::Kind::failed);
  const auto first = ask();
  take_in();
  await(producer.retry(elsewhere));
  expect_known(first.id);
  await(producer.retry(older));
  expect_new(first.id);
}

TEST_F(EnqueueOnceTest, AddsAJobWhereADelayedOneHasJoinedTheLineBehindIt) {
  const auto delayed = add("Patient/1", {{"delay", "60000"}});
  const auto first = ask();
  take_in();
  expect_known(first.id);
  let_delay_end(delayed);
  await(moves.promote());
  expect_new(first.id);
}

TEST_F(EnqueueOnceTest, AddsAJobWhereADelayedOneCameAfterItAndIsNotDueYet) {
  const auto first = ask();
  take_in();
  add("Patient/1", {{"delay", "60000"}});
  take_in();
  expect_new(first.id);
}

TEST_F(EnqueueOnceTest, LooksAtAHundredEntriesAndNoFurther) {
  const auto first = ask();
  for (int i = 0; i < 100; ++i) plain_entry("target", "Patient/2");
  expect_known(first.id);
  plain_entry("target", "Patient/2");
  EXPECT_FALSE(ask().known);
}

TEST_F(EnqueueOnceTest, AddsAJobWhereTheRecordOfTheKnownOneIsGone) {
  const auto first = ask();
  take_in();
  redis({"DEL", "{q}:job:" + first.id});
  EXPECT_FALSE(ask().known);
}

TEST_F(EnqueueOnceTest, RemembersForADayFromTheLastTime) {
  const auto first = ask();
  redis({"PEXPIRE", "{q}:asked:Patient/1", "1000"});
  expect_known(first.id);
  EXPECT_GT(redis({"PTTL", "{q}:asked:Patient/1"}).number, 23 * 3600 * 1000);
}

/// Producers of all kinds and workers do anything, some of them ask twice; the entries of the inbox, noted in their
/// order, tell which answers were right. SET_ACCOUNTS_TEST_SEED repeats a walk.
TEST_F(EnqueueOnceTest, NeverAnswersAJobThatAnotherFollowedOrThatIsOver) {
  auto seed = std::random_device{}();
  if (const char* given = std::getenv("SET_ACCOUNTS_TEST_SEED")) seed = static_cast<unsigned>(std::stoul(given));
  std::cout << "SET_ACCOUNTS_TEST_SEED=" << seed << "\n";
  std::mt19937 random(seed);
  const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  std::map<std::string, std::vector<std::string>> added;  // jobs of each target, in their order
  std::map<std::string, std::string> fingerprints;
  std::vector<std::string> all;
  std::vector<queue::Job> held;
  int known = 0;
  for (int step = 0; step < 400; ++step) {
    const std::string target = "Patient/" + std::to_string(below(2));
    switch (below(8)) {
      case 0:
      case 1:
      case 2: {
        const std::string fingerprint = "f" + std::to_string(below(2));
        const auto asked = ask(fingerprint, target);
        if (asked.known) {
          ++known;
          ASSERT_EQ(last_of(added[target]), asked.id) << "another followed";
          ASSERT_EQ(fingerprints[asked.id], fingerprint);
          const std::string now = state(asked.id);
          ASSERT_TRUE(now.empty() || now == "queued" || now == "running" || now == "scheduled") << now;
        } else {
          added[target].push_back(asked.id);
          all.push_back(asked.id);
          fingerprints[asked.id] = fingerprint;
        }
        break;
      }
      case 3: {
        const std::string delay = below(3) == 0 ? "60000" : "0";
        added[target].push_back(
            redis({"XADD", "{q}:inbox", "*", "target", target, "accounts", "", "delay", delay}).text);
        all.push_back(added[target].back());
        break;
      }
      case 4:
        take_in();
        break;
      case 5:
        if (const auto job = claim()) held.push_back(*job);
        break;
      case 6:
        if (held.empty()) break;
        settle(held.back(), below(2) == 0 ? Verdict::Kind::completed : Verdict::Kind::failed);
        held.pop_back();
        break;
      default:
        if (all.empty() || below(3) != 0) break;
        await(producer.cancel(all[below(static_cast<unsigned>(all.size()))]));
    }
    if (step % 10 == 0) ASSERT_EQ(broken_invariant(io, client), "");
  }
  EXPECT_GT(known, 0);
}

}  // namespace
}  // namespace test
