#include "fhir/pressure.h"

#include <gtest/gtest.h>

namespace {

using namespace fhir;
using namespace std::chrono_literals;

const auto start = Clock::time_point() + 1h;

TEST(AdaptiveLimit, StartsAndStaysAtTheBoundOnAHealthyServer) {
  AdaptiveLimit limit(16);
  EXPECT_EQ(limit.limit(), 16U);
  for (int i = 0; i < 10'000; ++i) {
    limit.served(start + i * 1ms, start + i * 1ms);
    ASSERT_EQ(limit.limit(), 16U);
  }
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

TEST(AdaptiveLimit, GrowsByOneARound) {
  AdaptiveLimit limit(16);
  for (int i = 0; i < 100; ++i) limit.overloaded(start + i * 1s, start + i * 1s);
  auto now = start + 1h;
  for (std::size_t round = 1; round < 16; ++round) {
    for (std::size_t i = 0; i <= round; ++i) limit.served(now, now);
    now += 1s;
    EXPECT_GE(limit.limit(), round + 1) << "after round " << round;
    EXPECT_LE(limit.limit(), round + 2) << "after round " << round;
  }
  for (int i = 0; i < 1000; ++i) limit.served(now, now);
  EXPECT_EQ(limit.limit(), 16U);
}

TEST(AdaptiveLimit, TakesNoCourageFromAnswersToOlderRequests) {
  AdaptiveLimit limit(16);
  limit.overloaded(start, start + 1s);
  for (int i = 0; i < 100; ++i) limit.served(start, start + 2s);
  EXPECT_EQ(limit.limit(), 11U);
}

}  // namespace
