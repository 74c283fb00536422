#include "worker/cli/rate.h"

#include <gtest/gtest.h>

namespace worker::cli {
namespace {

class RateTest : public testing::Test {
 protected:
  void saw(std::uint64_t count, double at_second) {
    rate_.saw(count, Rate::Clock::time_point() + std::chrono::milliseconds(static_cast<int>(at_second * 1000)));
  }
  Rate rate_;
};

TEST_F(RateTest, IsUnknownBeforeASecondWasSeen) {
  saw(100, 0);
  saw(105, 0.5);
  EXPECT_EQ(rate_.per_second(), std::nullopt);
}

TEST_F(RateTest, IsRightFromTheFirstSecondOn) {
  saw(100, 0);
  saw(108, 1);
  EXPECT_NEAR(rate_.per_second().value_or(-1), 8, 0.01);
}

TEST_F(RateTest, FollowsAChangeSmoothly) {
  for (int second = 0; second <= 60; ++second) saw(10 * static_cast<std::uint64_t>(second), second);
  EXPECT_NEAR(rate_.per_second().value_or(-1), 10, 0.01);
  saw(600, 61);
  EXPECT_GT(rate_.per_second().value_or(-1), 8);
  for (int second = 62; second <= 150; ++second) saw(600, second);
  EXPECT_LT(rate_.per_second().value_or(-1), 0.1);
}

TEST_F(RateTest, StartsAnewWhenTheCountFalls) {
  saw(1000, 0);
  saw(2000, 10);
  saw(0, 11);
  EXPECT_EQ(rate_.per_second(), std::nullopt);
  saw(5, 12);
  EXPECT_NEAR(rate_.per_second().value_or(-1), 5, 0.01);
}

}  // namespace
}  // namespace worker::cli
