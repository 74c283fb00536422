#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Verdict;

/// Makes any move at any time, as producers, workers that live, that died and that come late would.
class RandomWalkTest : public QueueTest {
 protected:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  bool chance(std::uint32_t percent) { return below(100) < percent; }

  void step() {
    switch (below(14)) {
      case 0:
      case 1:
      case 2:
        return enqueue();
      case 3:
      case 4:
      case 5:
        return claim_one();
      case 6:
        return renew_one();
      case 7:
      case 8:
        return settle_one();
      case 9:
        return let_something_expire();
      case 10:
        return sweep();
      case 11:
        return static_cast<void>(await(moves.promote()));
      case 12:
        return command(chance(50) ? "cancel" : "retry", any_id());
      default:
        return pause_sometimes();
    }
  }

  void enqueue() {
    queue::InboxEntry more;
    if (chance(40)) more.emplace_back("priority", std::to_string(static_cast<int>(below(2001)) - 1000));
    if (chance(20)) more.emplace_back("delay", "100000");
    if (chance(50)) more.emplace_back("batch", chance(50) ? "one" : "two");
    if (chance(20)) more.emplace_back("id", "own" + std::to_string(below(20)));
    if (chance(20)) more.emplace_back("maxAttempts", "1");
    if (chance(10)) more.emplace_back("priority", "rubbish");
    if (chance(10)) more.emplace_back("state", "running");
    ids_.push_back(add(chance(95) ? "Patient/" + std::to_string(below(6)) : "nobody", more));
  }

  void claim_one() {
    const auto job = claim();
    if (job) held_.push_back(*job);
  }

  queue::Progress some_progress() {
    queue::Progress progress;
    progress.counts.updated = below(100);
    progress.counts.written = below(100);
    progress.counts.failed = below(3);
    progress.failures.assign(progress.counts.failed, "{}");
    return progress;
  }

  void renew_one() {
    if (held_.empty()) return;
    await(moves.renew(held_[below(static_cast<std::uint32_t>(held_.size()))], some_progress()));
  }

  /// Also of jobs that were lost long ago, and twice.
  void settle_one() {
    if (held_.empty()) return;
    const auto at = below(static_cast<std::uint32_t>(held_.size()));
    Verdict verdict;
    verdict.kind = static_cast<Verdict::Kind>(below(5));
    verdict.error = "error";
    verdict.delay_ms = 100000;
    verdict.progress = some_progress();
    try {
      await(moves.settle(held_[at], verdict));
    } catch (const queue::LeaseLost&) {
    }
    if (chance(70)) held_.erase(held_.begin() + at);
  }

  void let_something_expire() {
    const auto id = any_id();
    let_lease_end(id);
    let_delay_end(id);
  }

  void pause_sometimes() {
    if (chance(20)) command("pause", chance(30) ? "true" : "false");
  }

  std::string any_id() { return ids_.empty() ? "1-1" : ids_[below(static_cast<std::uint32_t>(ids_.size()))]; }

  std::uint32_t seed_ = std::random_device{}();
  std::minstd_rand random_;
  std::vector<std::string> ids_;
  std::vector<queue::Job> held_;
};

/// SET_ACCOUNTS_TEST_SEED repeats a walk, SET_ACCOUNTS_TEST_STEPS makes a longer one.
TEST_F(RandomWalkTest, KeepsEveryJobInExactlyOnePlaceWhateverHappens) {
  if (const char* seed = std::getenv("SET_ACCOUNTS_TEST_SEED")) seed_ = static_cast<std::uint32_t>(std::stoul(seed));
  const char* asked_steps = std::getenv("SET_ACCOUNTS_TEST_STEPS");
  const int steps = asked_steps == nullptr ? 400 : std::stoi(asked_steps);
  std::cout << "SET_ACCOUNTS_TEST_SEED=" << seed_ << "\n";
  random_.seed(seed_);
  for (int i = 0; i < steps; ++i) {
    step();
    const std::string wrong = broken_invariant(io, client);
    ASSERT_EQ(wrong, "") << "after step " << i << " of seed " << seed_;
  }
}

}  // namespace
}  // namespace test
