#include "queue/redis_time.h"

#include <gtest/gtest.h>

namespace test {
namespace {

using namespace std::chrono_literals;
using queue::Clock;

constexpr Clock::duration tolerance = 5s;
const Clock::time_point start{1000h};

TEST(RedisTime, PassesAsOurs) {
  queue::RedisTime redis;
  EXPECT_FALSE(redis.leapt(1700000000000, start, start, tolerance)) << "there is nothing yet to compare with";
  EXPECT_FALSE(redis.leapt(1700000001000, start + 1s, start + 1s, tolerance));
  EXPECT_FALSE(redis.leapt(1700003601000, start + 3601s, start + 3601s, tolerance)) << "both slept for an hour";
}

TEST(RedisTime, LeapsForward) {
  queue::RedisTime redis;
  redis.leapt(1700000000000, start, start, tolerance);
  EXPECT_FALSE(redis.leapt(1700000005000, start + 1s, start + 1s, tolerance)) << "four seconds more: let it pass";
  EXPECT_TRUE(redis.leapt(1700003605000, start + 2s, start + 2s, tolerance));
  EXPECT_FALSE(redis.leapt(1700003606000, start + 3s, start + 3s, tolerance)) << "once";
}

TEST(RedisTime, GoingBackIsNoLeap) {
  queue::RedisTime redis;
  redis.leapt(1700003600000, start, start, tolerance);
  EXPECT_FALSE(redis.leapt(1700000000000, start + 1s, start + 1s, tolerance));
}

TEST(RedisTime, AnAnswerThatCameLateIsNoLeap) {
  queue::RedisTime redis;
  redis.leapt(1700000000000, start, start + 10s, tolerance);
  EXPECT_FALSE(redis.leapt(1700000011000, start + 11s, start + 11s, tolerance));
}

}  // namespace
}  // namespace test
