#include "queue/redis_health.h"

#include <vector>

#include <gtest/gtest.h>

namespace queue {
namespace {

using namespace std::chrono_literals;

class RedisHealthTest : public ::testing::Test {
 protected:
  std::vector<std::string> told;
  RedisHealth health{[this](const std::string& why) { told.push_back(why); }};
  const Clock::time_point start = Clock::now();
};

TEST_F(RedisHealthTest, TellsATroubleAndItsEndOnceEach) {
  health.good();
  for (int i = 0; i < 100; ++i) health.bad("refused", start + i * 1s);
  for (int i = 0; i < 3; ++i) health.good();
  EXPECT_EQ(told, (std::vector<std::string>{"refused", ""}));
}

TEST_F(RedisHealthTest, TellsANewReasonOfALastingTroubleNowAndThen) {
  for (int i = 0; i < 30; ++i) health.bad(i % 2 == 0 ? "refused" : "silent", start + i * 1s);
  EXPECT_EQ(told.size(), 1U);
  health.bad("WRONGPASS", start + 30s);
  EXPECT_EQ(told.back(), "WRONGPASS");
}

TEST_F(RedisHealthTest, TellsTheSameReasonAgainAfterItWasOver) {
  health.bad("refused", start);
  health.good();
  health.bad("refused", start);
  EXPECT_EQ(told, (std::vector<std::string>{"refused", "", "refused"}));
}

}  // namespace
}  // namespace queue
