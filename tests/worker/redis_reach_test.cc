#include "worker/redis_reach.h"

#include <gtest/gtest.h>

namespace worker {
namespace {

using Kind = Finding::Kind;
using queue::RedisAddress;
using queue::RedisPlace;

/// A primary that Sentinels named, with a replica, reached with TLS, by a user who may do everything.
class RedisReach : public ::testing::Test {
 protected:
  RedisReach() {
    place.kind = RedisPlace::Kind::by_sentinels;
    place.primary = "main";
    place.address.kind = RedisAddress::Kind::tls;
    place.address.host = "r1.example.org";
    rights.all_asked = true;
    facts.info["slave0"] = "ip=10.0.0.2,port=6379,state=online,offset=1,lag=0";
    facts.config["min-replicas-to-write"] = "0";
  }
  std::string line(std::size_t i) { return text_of(judge_reach(place, rights, facts).at(i)); }
  bool says(std::size_t i, const std::string& part) { return line(i).find(part) != std::string::npos; }

  RedisPlace place;
  queue::Rights rights;
  RedisFacts facts;
};

TEST_F(RedisReach, NamesTheServerAndHowItWasFound) {
  EXPECT_EQ(line(0), "ok    the Sentinels' primary 'main' is rediss://r1.example.org:6379");
  place.kind = RedisPlace::Kind::in_cluster;
  EXPECT_EQ(line(0), "ok    a cluster, in which rediss://r1.example.org:6379 has the queue");
  place.kind = RedisPlace::Kind::alone;
  EXPECT_EQ(line(0), "ok    one server, rediss://r1.example.org:6379");
}

TEST_F(RedisReach, SaysWhatAFailoverMayLose) {
  EXPECT_TRUE(says(1, "warn  1 replica online: a failover may lose")) << line(1);
  EXPECT_TRUE(says(1, "Run CONFIG SET min-replicas-to-write 1")) << line(1);
  facts.config["min-replicas-to-write"] = "1";
  EXPECT_TRUE(says(1, "loses at most")) << line(1);
  facts.info["slave0"] = "ip=10.0.0.2,port=6379,state=wait_bgsave,offset=1,lag=0";
  EXPECT_TRUE(says(1, "warn  no replica is online")) << line(1);
  place.kind = RedisPlace::Kind::alone;
  EXPECT_EQ(line(1), "ok    no replica");
}

TEST_F(RedisReach, WarnsOfARedisInTheClearUnlessItIsOnThisMachine) {
  EXPECT_EQ(line(2), "ok    TLS");
  place.address.kind = RedisAddress::Kind::tcp;
  EXPECT_TRUE(says(2, "warn  not encrypted")) << line(2);
  for (const char* host : {"localhost", "127.0.0.1", "::1"}) {
    place.address.host = host;
    EXPECT_TRUE(says(2, "ok  ")) << host << line(2);
  }
}

TEST_F(RedisReach, NamesTheCommandsThatTheUserMayNotRun) {
  EXPECT_EQ(line(3), "ok    this user may do all that a worker does");
  rights.refused = {"EVALSHA", "XREAD"};
  EXPECT_TRUE(says(3, "FAIL  this user may not run EVALSHA, XREAD")) << line(3);
  rights.refused = {"PUBLISH"};
  EXPECT_TRUE(says(3, "warn  this user may not PUBLISH")) << line(3);
  rights.refused = {"SUBSCRIBE"};
  EXPECT_TRUE(says(3, "warn  this user may not SUBSCRIBE")) << line(3);
  rights.refused = {"PUBLISH", "SUBSCRIBE"};
  EXPECT_TRUE(says(3, "warn  this user may neither")) << line(3);
  rights.refused = {"SUBSCRIBE", "ZADD"};
  EXPECT_TRUE(says(3, "FAIL  this user may not run SUBSCRIBE, ZADD")) << line(3);
  rights.refused.clear();
  rights.all_asked = false;
  EXPECT_TRUE(says(3, "shows with the first job")) << line(3);
}

}  // namespace
}  // namespace worker
