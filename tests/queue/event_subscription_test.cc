#include "tests/queue/ear.h"
#include "tests/support/redis_cluster.h"
#include "tests/support/redis_sentinels.h"

namespace test {
namespace {

queue::Command publish(const std::string& message) {
  return {"PUBLISH", "{q}:events", message};
}

TEST(EventSubscription, HearsWhatIsPublishedInItsOrder) {
  const RedisProcess redis;
  Ear ear(redis.url());
  ASSERT_TRUE(ear.until_subscribed(1));
  for (int i = 0; i < 1000; ++i) redis.ask(publish(std::to_string(i)));
  redis.ask({"PUBLISH", "{other}:events", "not ours"});
  ASSERT_TRUE(ear.until_heard("999"));
  EXPECT_EQ(ear.messages.size(), 1000U);
  EXPECT_EQ(ear.messages.front(), "0");
  EXPECT_EQ(ear.subscriptions, 1);
  EXPECT_TRUE(ear.reasons.empty());
}

TEST(EventSubscription, GoesOnWithARedisThatWasRestartedAndSaysThatItMayHaveMissedSomething) {
  RedisProcess redis;
  Ear ear(redis.url());
  ASSERT_TRUE(ear.until_subscribed(1));
  redis.kill();
  ASSERT_TRUE(ear.until_told("the connection for events broke"));
  ASSERT_TRUE(ear.until_told("Connection refused"));
  redis.restart();
  ASSERT_TRUE(ear.until_subscribed(2));
  redis.ask(publish("again"));
  EXPECT_TRUE(ear.until_heard("again"));
}

TEST(EventSubscription, WaitsForARedisThatIsNotThereYet) {
  RedisProcess redis;
  redis.kill();
  Ear ear(redis.url());
  ASSERT_TRUE(ear.until_told("Connection refused"));
  redis.restart();
  EXPECT_TRUE(ear.until_subscribed(1));
}

TEST(EventSubscription, NoticesARedisThatFellSilent) {
  RedisProcess redis;
  Ear ear(redis.url(), {.silence = 50ms, .answer = 300ms});
  ASSERT_TRUE(ear.until_subscribed(1));
  redis.stop();
  EXPECT_TRUE(ear.until_told("fell silent"));
  redis.go_on();
  EXPECT_TRUE(ear.until_subscribed(2));
}

TEST(EventSubscription, KeepsAConnectionOnWhichNothingHappens) {
  const RedisProcess redis;
  Ear ear(redis.url(), {.silence = 10ms, .answer = 2s});
  ASSERT_TRUE(ear.until_subscribed(1));
  const auto asked = [&] {
    return redis.ask({"INFO", "commandstats"}).text.find("cmdstat_ping:calls=") != std::string::npos;
  };
  ASSERT_TRUE(ear.until(asked));
  redis.ask(publish("still here"));
  EXPECT_TRUE(ear.until_heard("still here"));
  EXPECT_EQ(ear.subscriptions, 1);
}

TEST(EventSubscription, SaysThatItsUserMayNotListenAndListensOnceItMay) {
  const RedisProcess redis;
  redis.ask({"ACL", "SETUSER", "deaf", "on", ">x", "~*", "+@all", "resetchannels"});
  Ear ear("redis://deaf:x@" + redis.host_and_port(), {.refused = 20ms});
  ASSERT_TRUE(ear.until_told("Redis refuses SUBSCRIBE {q}:events: NOPERM"));
  EXPECT_EQ(ear.subscriptions, 0);
  redis.ask({"ACL", "SETUSER", "deaf", "&{q}:*"});
  ASSERT_TRUE(ear.until_subscribed(1));
  redis.ask(publish("heard"));
  EXPECT_TRUE(ear.until_heard("heard"));
}

TEST(EventSubscription, FollowsAFailover) {
  RedisSentinels sentinels;
  Ear ear(sentinels.url());
  ASSERT_TRUE(ear.until_subscribed(1));
  RedisProcess& old = sentinels.primary();
  old.kill();
  sentinels.wait_until_promoted_instead_of(old);
  ASSERT_TRUE(ear.until_subscribed(2));
  sentinels.primary().ask(publish("from the new one"));
  EXPECT_TRUE(ear.until_heard("from the new one"));
}

TEST(EventSubscription, HearsWhatAnyNodeOfAClusterPublishes) {
  RedisCluster cluster({});
  Ear ear(cluster.url_of(0));
  ASSERT_TRUE(ear.until_subscribed(1));
  for (std::size_t i = 0; i < 3; ++i) {
    cluster.node(i).ask(publish("from " + std::to_string(i)));
    EXPECT_TRUE(ear.until_heard("from " + std::to_string(i)));
  }
}

}  // namespace
}  // namespace test
