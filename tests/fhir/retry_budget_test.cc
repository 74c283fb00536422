#include "fhir/retry_budget.h"

#include <queue>
#include <random>

#include <gtest/gtest.h>

namespace {

using namespace fhir;
using namespace std::chrono_literals;

const auto start = Clock::time_point() + 1h;

TEST(RetryBudget, BeginsFullAndThenPaysForOneASecond) {
  RetryBudget budget(RetryPolicy(), start);
  for (int i = 0; i < RetryPolicy().retries_kept; ++i) EXPECT_FALSE(budget.spend(start));
  EXPECT_EQ(budget.spend(start), start + 1s);
  EXPECT_EQ(budget.spend(start + 600ms), start + 1s);
  EXPECT_FALSE(budget.spend(start + 1s));
  EXPECT_TRUE(budget.spend(start + 1s));
}

TEST(RetryBudget, EarnsAShareWithEachFirstTry) {
  RetryBudget budget(RetryPolicy(), start);
  while (!budget.spend(start)) continue;
  for (int i = 0; i < 51; ++i) budget.first_try();
  int paid = 0;
  while (!budget.spend(start)) ++paid;
  EXPECT_EQ(paid, 10);
}

TEST(RetryBudget, TakesNothingForRetriesThatWereServed) {
  RetryBudget budget(RetryPolicy(), start);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_FALSE(budget.spend(start)) << i;
    budget.served();
  }
}

TEST(RetryBudget, KeepsNoMoreThanItBeganWith) {
  RetryBudget budget(RetryPolicy(), start);
  for (int i = 0; i < 1000; ++i) budget.first_try();
  int paid = 0;
  while (!budget.spend(start + 24h)) ++paid;
  EXPECT_EQ(paid, RetryPolicy().retries_kept);
}

/// Lanes that each work off requests one after the other, in virtual time, against a server that fails for a minute and
/// else some of the time.
class Simulation {
 public:
  Simulation(RetryPolicy policy, double faults) : policy_(policy), faults_(faults), budget_(policy, start) {}

  void run(int lanes, Clock::duration time) {
    for (int i = 0; i < lanes; ++i) due_.push({start, {}});
    while (due_.top().at < start + time) {
      Lane lane = due_.top();
      due_.pop();
      now_ = lane.at;
      step(lane);
      due_.push(lane);
    }
  }
  void outage(Clock::time_point from, Clock::duration time) {
    fails_from_ = from;
    fails_until_ = from + time;
  }

  long served = 0;
  long tries_in_outage = 0;

 private:
  struct Lane {
    Clock::time_point at;
    int failures = 0;
    bool operator<(const Lane& other) const { return at > other.at; }
  };
  static constexpr auto round_trip = 20ms;

  void step(Lane& lane) {
    if (lane.failures == 0) {
      budget_.first_try();
    } else if (const auto later = budget_.spend(now_)) {
      lane.at = *later;
      return;
    }
    const bool away = now_ >= fails_from_ && now_ < fails_until_;
    tries_in_outage += away ? 1 : 0;
    if (away || chance() < faults_) {
      lane.at = now_ + round_trip + backoff(policy_, ++lane.failures, chance());
      return;
    }
    ++served;
    if (lane.failures > 0) budget_.served();
    lane = {now_ + round_trip, 0};
  }
  double chance() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  RetryPolicy policy_;
  double faults_;
  RetryBudget budget_;
  std::priority_queue<Lane> due_;
  Clock::time_point now_ = start;
  Clock::time_point fails_from_ = start;
  Clock::time_point fails_until_ = start;
  std::minstd_rand random_{1};
};

RetryPolicy without_budget() {
  RetryPolicy policy;
  policy.retries_kept = 1'000'000'000;
  return policy;
}

constexpr int lanes = 128;  ///< eight jobs of sixteen

TEST(RetryBudget, SparesAServerThatFailsForAMinute) {
  long tries[2];
  long served[2];
  int i = 0;
  for (const auto& policy : {RetryPolicy(), without_budget()}) {
    Simulation simulation(policy, 0);
    simulation.outage(start + 10s, 1min);
    simulation.run(lanes, 3min);
    tries[i] = simulation.tries_in_outage;
    served[i++] = simulation.served;
  }
  std::printf("[ figures  ] a minute's outage, %d lanes: %ld tries met it, without a budget %ld\n", lanes, tries[0],
              tries[1]);
  EXPECT_LE(tries[0], lanes + lanes / 5 + RetryPolicy().retries_kept + 60);
  EXPECT_LE(tries[0] * 4, tries[1]);
  EXPECT_GE(static_cast<double>(served[0]), 0.9 * static_cast<double>(served[1])) << "and is soon at work again";
}

TEST(RetryBudget, SlowsNothingWhileAThirdOfAllRequestsFail) {
  long served[2];
  int i = 0;
  for (const auto& policy : {RetryPolicy(), without_budget()}) {
    Simulation simulation(policy, 0.3);
    simulation.run(16, 2min);
    served[i++] = simulation.served;
  }
  EXPECT_GE(static_cast<double>(served[0]), 0.95 * static_cast<double>(served[1]));
}

}  // namespace
