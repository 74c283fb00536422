#include "fhir/pressure.h"

#include <gtest/gtest.h>

namespace {

using namespace fhir;
using namespace std::chrono_literals;

const auto start = Clock::time_point() + 1h;

/// Rounds of answers to requests that were all in flight together.
class Rounds {
 public:
  explicit Rounds(AdaptiveLimit& limit) : limit_(limit) {}
  void serve(int rounds, Clock::duration round_trip, std::size_t in_flight = 0) {
    for (int round = 0; round < rounds; ++round) {
      const auto sent_at = now;
      now += round_trip;
      const std::size_t answers = in_flight ? in_flight : limit_.limit();
      for (std::size_t i = 0; i < answers; ++i) limit_.served(sent_at, now, answers);
    }
  }
  Clock::time_point now = start;

 private:
  AdaptiveLimit& limit_;
};

TEST(AdaptiveLimit, StartsAtTheBoundAndHardlyLeavesItOnAHealthyServer) {
  AdaptiveLimit limit(16);
  Rounds rounds(limit);
  EXPECT_EQ(limit.limit(), 16U);
  int below = 0;
  for (int i = 0; i < 2000; ++i) {
    rounds.serve(1, 50ms);
    EXPECT_GE(limit.limit(), 12U);
    below += limit.limit() < 16 ? 1 : 0;
  }
  EXPECT_LT(below, 2000 / 5);
}

TEST(AdaptiveLimit, LowersOnceForAllThatWereInFlightTogether) {
  AdaptiveLimit limit(16);
  for (int i = 0; i < 16; ++i) limit.overloaded(start, start + 1s + i * 1ms);
  EXPECT_EQ(limit.limit(), 11U);
  limit.overloaded(start + 2s, start + 3s);
  EXPECT_EQ(limit.limit(), 7U);
}

TEST(AdaptiveLimit, NeverFallsBelowOne) {
  AdaptiveLimit limit(16);
  for (int i = 0; i < 100; ++i) limit.overloaded(start + i * 1s, start + i * 1s);
  EXPECT_EQ(limit.limit(), 1U);
  EXPECT_EQ(AdaptiveLimit(0).limit(), 1U);
}

TEST(AdaptiveLimit, RisesAgainAfterAnOverload) {
  AdaptiveLimit limit(16);
  Rounds rounds(limit);
  for (int i = 0; i < 100; ++i) limit.overloaded(rounds.now += 1s, rounds.now);
  EXPECT_EQ(limit.limit(), 1U);
  for (int i = 0; limit.limit() < 16 && i < 1000; ++i) rounds.serve(1, 50ms);
  EXPECT_EQ(limit.limit(), 16U);
  EXPECT_LT(rounds.now - start, 3min);
}

TEST(AdaptiveLimit, TakesATrialBackThatOverloadsTheServer) {
  AdaptiveLimit limit(16);
  Rounds rounds(limit);
  limit.overloaded(rounds.now += 1s, rounds.now);
  while (limit.limit() <= 11) rounds.serve(1, 50ms);
  limit.overloaded(rounds.now, rounds.now + 50ms);
  EXPECT_EQ(limit.limit(), 11U);
}

TEST(AdaptiveLimit, LearnsNothingFromALimitThatIsNotHalfUsed) {
  AdaptiveLimit limit(16);
  Rounds rounds(limit);
  limit.overloaded(rounds.now += 1s, rounds.now);
  rounds.serve(10'000, 50ms, 5);
  EXPECT_EQ(limit.limit(), 11U);
  rounds.serve(100, 50ms, 6);
  EXPECT_GT(limit.limit(), 11U);
}

TEST(AdaptiveLimit, LearnsNothingFromAnswersToOlderRequests) {
  AdaptiveLimit limit(16);
  limit.overloaded(start, start + 1s);
  for (int i = 0; i < 10'000; ++i) limit.served(start, start + 2s, 11);
  EXPECT_EQ(limit.limit(), 11U);
}

}  // namespace
