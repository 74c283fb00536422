#include "worker/http/caller_rate.h"

#include <gtest/gtest.h>

namespace worker::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr CallerRate::Time begin{};

/// How many are let through at that time.
int let_through(CallerRate& rate, const std::string& authorization, const std::string& peer, CallerRate::Time now) {
  int passed = 0;
  while (passed < 100'000 && !rate.refuse(authorization, peer, now)) ++passed;
  return passed;
}

TEST(CallerRate, LetsTenSecondsOfTheRateThroughAtOnceAndThenTheRate) {
  CallerRate rate(600, 100);
  EXPECT_EQ(let_through(rate, "Bearer a", "10.0.0.1", begin), 100);
  EXPECT_EQ(let_through(rate, "Bearer a", "10.0.0.1", begin + seconds(1)), 10);
  EXPECT_EQ(let_through(rate, "Bearer a", "10.0.0.1", begin + seconds(1000)), 100);
}

TEST(CallerRate, NeverLetsMoreThroughAtOnceThanAMinuteMay) {
  CallerRate rate(3, 100);
  EXPECT_EQ(let_through(rate, "", "10.0.0.1", begin), 3);
}

TEST(CallerRate, SaysHowLongToWait) {
  CallerRate rate(6, 100);
  EXPECT_EQ(let_through(rate, "", "10.0.0.1", begin), 6);
  const auto wait = rate.refuse("", "10.0.0.1", begin);
  ASSERT_TRUE(wait.has_value());
  EXPECT_EQ(*wait, seconds(10));
  EXPECT_FALSE(rate.refuse("", "10.0.0.1", begin + *wait).has_value());
  EXPECT_EQ(rate.refuse("", "10.0.0.1", begin + *wait + milliseconds(9500)), seconds(1));
}

TEST(CallerRate, LetsThroughByAnotherRateFromThenOn) {
  CallerRate rate(600, 100);
  EXPECT_EQ(let_through(rate, "", "10.0.0.1", begin), 100);
  rate.change(60);
  EXPECT_EQ(let_through(rate, "", "10.0.0.1", begin), 0) << "nobody is given more for it at once";
  EXPECT_EQ(let_through(rate, "", "10.0.0.1", begin + seconds(5)), 5);
  EXPECT_EQ(let_through(rate, "", "10.0.0.1", begin + seconds(1000)), 10);
}

TEST(CallerRate, DoesNotLetOneCallerPayForAnother) {
  CallerRate rate(600, 100);
  EXPECT_EQ(let_through(rate, "Bearer a", "10.0.0.1", begin), 100);
  EXPECT_EQ(let_through(rate, "Bearer b", "10.0.0.1", begin), 100);
  EXPECT_EQ(let_through(rate, "", "10.0.0.2", begin), 100);
}

TEST(CallerRate, GivesNothingForANewTokenEachTime) {
  CallerRate rate(600, 1000);
  int passed = 0;
  for (int i = 0; i < 500; ++i)
    if (!rate.refuse("Bearer " + std::to_string(i), "10.0.0.1", begin)) ++passed;
  EXPECT_EQ(passed, 100);
}

TEST(CallerRate, RemembersNoMoreCallersThanItMay) {
  CallerRate rate(60, 2);
  EXPECT_EQ(let_through(rate, "", "10.0.0.1", begin), 10);
  EXPECT_EQ(let_through(rate, "", "10.0.0.2", begin), 10);
  EXPECT_EQ(let_through(rate, "", "10.0.0.1", begin), 0);
  EXPECT_EQ(let_through(rate, "", "10.0.0.3", begin), 10);
  EXPECT_EQ(let_through(rate, "", "10.0.0.1", begin), 0);
  EXPECT_EQ(let_through(rate, "", "10.0.0.2", begin), 10);
}

}  // namespace
}  // namespace worker::http
