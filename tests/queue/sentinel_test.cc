#include "tests/queue/links_fixture.h"
#include "tests/support/redis_sentinels.h"
#include "tests/support/wait_until.h"

namespace test {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Sentinel, LeadsToThePrimaryAndToTheNewOneAfterAFailover) {
  RedisSentinels sentinels;
  Linked redis(sentinels.url());
  EXPECT_EQ(redis.text({"SET", "a", "1"}), "OK");
  sentinels.wait_until_replicated();
  const int old = sentinels.primary().port();

  sentinels.failover();

  EXPECT_EQ(redis.ask_at_last({"GET", "a"}).text, "1");
  EXPECT_EQ(redis.ask_at_last({"SET", "a", "2"}).text, "OK");
  EXPECT_EQ(redis.ask_at_last({"CONFIG", "GET", "port"}).items.at(1).text, std::to_string(sentinels.primary().port()));
  EXPECT_NE(sentinels.primary().port(), old);
}

TEST(Sentinel, LeadsToTheNewPrimaryAfterTheOldOneWasKilled) {
  RedisSentinels sentinels;
  Linked redis(sentinels.url());
  EXPECT_EQ(redis.text({"SET", "a", "1"}), "OK");
  sentinels.wait_until_replicated();
  RedisProcess& old = sentinels.primary();

  old.kill();

  EXPECT_EQ(redis.ask_at_last({"SET", "b", "1"}).text, "OK");
  EXPECT_EQ(redis.ask_at_last({"GET", "a"}).text, "1");
  sentinels.wait_until_promoted_instead_of(old);
}

TEST(Sentinel, LeadsToTheNewPrimaryWhileTheOldOneTakesBytesAndAnswersNothing) {
  RedisSentinels sentinels;
  Linked redis(sentinels.url());
  EXPECT_EQ(redis.text({"SET", "a", "1"}), "OK");
  sentinels.wait_until_replicated();
  RedisProcess& old = sentinels.primary();

  old.stop();

  EXPECT_EQ(redis.ask_at_last({"SET", "b", "1"}).text, "OK");
  EXPECT_EQ(redis.ask_at_last({"GET", "a"}).text, "1");
  sentinels.wait_until_promoted_instead_of(old);
}

TEST(Sentinel, IsAskedInTurnUntilOneAnswers) {
  RedisSentinels sentinels;
  sentinels.sentinel(0).kill();
  sentinels.sentinel(1).stop();
  Linked redis(sentinels.url());
  EXPECT_EQ(redis.text({"PING"}), "PONG");
  EXPECT_TRUE(redis.told.empty());
}

TEST(Sentinel, SaysWhyEachDidNotHelp) {
  RedisSentinels sentinels;
  const std::string hosts =
      sentinels.sentinel(0).host_and_port() + ",127.0.0.1:1," + sentinels.sentinel(2).host_and_port();
  sentinels.sentinel(2).kill();
  Linked redis("redis+sentinel://" + hosts + "/other");
  const std::string why = redis.text({"PING"});
  EXPECT_TRUE(has(why, "lead to no primary 'other'")) << why;
  EXPECT_TRUE(has(why, sentinels.sentinel(0).host_and_port() + ": knows no primary of that name")) << why;
  EXPECT_TRUE(has(why, "127.0.0.1:1: Connection refused")) << why;
  EXPECT_TRUE(has(why, sentinels.sentinel(2).host_and_port() + ": Connection refused")) << why;
}

TEST(Sentinel, IsNotBelievedAboutAPrimaryThatIsAReplica) {
  RedisSentinels sentinels;
  sentinels.primary().ask({"REPLICAOF", "127.0.0.1", "1"});
  Linked redis(sentinels.url());
  const std::string why = redis.text({"SET", "a", "1"});
  EXPECT_TRUE(has(why, "is a replica") || why == "OK") << why;
  EXPECT_EQ(redis.ask_at_last({"SET", "a", "1"}).text, "OK");
}

TEST(Sentinel, GetsTheLoginOnlyIfItAsksForOne) {
  RedisSentinels sentinels({.of_redis = {"user worker on >s%cret ~* &* +@all"}, .of_sentinel = {}});
  const std::string url = sentinels.url("worker:s%25cret@");
  Linked redis(url);
  EXPECT_EQ(redis.text({"ACL", "WHOAMI"}), "worker");

  for (std::size_t i = 0; i < 3; ++i) {
    sentinels.sentinel(i).ask({"ACL", "SETUSER", "worker", "on", ">s%cret", "+@all"});
    sentinels.sentinel(i).ask({"ACL", "SETUSER", "default", "off"});
  }
  Linked anew(url);
  EXPECT_EQ(anew.text({"ACL", "WHOAMI"}), "worker");
  Linked stranger(sentinels.url());
  EXPECT_TRUE(has(stranger.text({"PING"}), "NOAUTH")) << stranger.text({"PING"});
}

TEST(Sentinel, IsAskedAgainWhenThePrimaryMayBeCutOffFromItsReplicas) {
  RedisSentinels sentinels;
  RedisProcess& replica = sentinels.replica();
  sentinels.primary().ask({"CONFIG", "SET", "min-replicas-to-write", "1"});
  Linked redis(sentinels.url());
  EXPECT_EQ(redis.text({"SET", "a", "1"}), "OK");
  replica.kill();
  wait_until("the primary has no replica",
             [&] { return has(redis.text({"INFO", "replication"}), "connected_slaves:0"); });
  EXPECT_TRUE(has(redis.text({"SET", "a", "2"}), "NOREPLICAS"));
  ASSERT_EQ(redis.told.size(), 1U);
  EXPECT_TRUE(has(redis.told.front(), "NOREPLICAS")) << redis.told.front();
  replica.restart();
  EXPECT_EQ(redis.ask_at_last({"SET", "a", "2"}).text, "OK");
  EXPECT_GE(redis.client.connections_made(), 2U);
}

TEST(Sentinel, LeadsToADatabaseOfThePrimary) {
  RedisSentinels sentinels;
  Linked redis(sentinels.url() + "/3");
  EXPECT_TRUE(has(redis.text({"CLIENT", "INFO"}), " db=3 ")) << redis.text({"CLIENT", "INFO"});
}

}  // namespace
}  // namespace test
