#include "queue/durability.h"
#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Durability;
using queue::Reply;
using queue::Verdict;
using Accounts = std::vector<std::string>;

class OwedTest : public QueueTest {
 protected:
  Accounts owed(const std::string& target) {
    auto accounts = await(records.owed(target));
    std::ranges::sort(accounts);
    return accounts;
  }
};

TEST_F(OwedTest, GrowsWithEachJobOfTheTarget) {
  add("Patient/1");
  const auto first = claimed();
  EXPECT_EQ(await(moves.owe(first, {"Organization/x"})), Accounts{"Organization/x"});
  settle(first, Verdict::Kind::failed);
  add("Patient/1");
  auto all = await(moves.owe(claimed(), {"Organization/y", "Organization/x"}));
  std::ranges::sort(all);
  EXPECT_EQ(all, (Accounts{"Organization/x", "Organization/y"}));
  EXPECT_TRUE(owed("Patient/2").empty());
}

TEST_F(OwedTest, NothingIsAddedForAJobThatRemovesNothing) {
  add("Patient/1");
  EXPECT_TRUE(await(moves.owe(claimed(), {})).empty());
  EXPECT_FALSE(exists("{q}:owed:Patient/1"));
}

TEST_F(OwedTest, OnlyACompletedJobTakesItsRemovalsOut) {
  for (const auto kind : {Verdict::Kind::failed, Verdict::Kind::cancelled, Verdict::Kind::completed}) {
    add("Patient/1");
    const auto job = claimed();
    await(moves.owe(job, {"Organization/x", "Organization/y"}));
    Verdict verdict;
    verdict.kind = kind;
    verdict.removed = {"Organization/x"};
    await(moves.settle(job, verdict));
    const bool completed = kind == Verdict::Kind::completed;
    EXPECT_EQ(owed("Patient/1"),
              completed ? Accounts{"Organization/y"} : (Accounts{"Organization/x", "Organization/y"}));
  }
}

TEST_F(OwedTest, AnOperatorMayForgive) {
  add("Patient/1");
  await(moves.owe(claimed(), {"Organization/x"}));
  EXPECT_FALSE(await(producer.forgive("Patient/1", "Organization/other")));
  EXPECT_TRUE(await(producer.forgive("Patient/1", "Organization/x")));
  EXPECT_TRUE(owed("Patient/1").empty());
}

TEST_F(OwedTest, NeverExpires) {
  add("Patient/1");
  const auto job = claimed();
  await(moves.owe(job, {"Organization/x"}));
  settle(job, Verdict::Kind::failed);
  EXPECT_EQ(redis({"PTTL", "{q}:owed:Patient/1"}).number, -1);
}

/// A primary that a replica follows: what is owed must reach it.
TEST_F(OwedTest, IsAcknowledgedByAReplicaOrRefused) {
  RedisServer replica;
  config::Redis settings;
  settings.url = replica.url();
  queue::RedisClient of_replica(io.get_executor(), settings, {});
  const int port = 20000 + static_cast<int>(shared_redis().pid() % 20000);
  redis({"CONFIG", "SET", "port", std::to_string(port)});
  await(of_replica.execute({"REPLICAOF", "127.0.0.1", std::to_string(port)}));
  while (redis({"INFO", "replication"}).text.find("state=online") == std::string::npos) {
  }

  add("Patient/1");
  const auto job = claimed();
  EXPECT_EQ(await(moves.owe(job, {"Organization/x"})), Accounts{"Organization/x"});
  EXPECT_EQ(await(of_replica.execute({"SISMEMBER", "{q}:owed:Patient/1", "Organization/x"})).number, 1);

  replica.stop();
  EXPECT_THROW(await(moves.owe(job, {"Organization/y"})), queue::QueueUnavailable);
  EXPECT_EQ(await(moves.renew(job, {})), queue::Standing::ours);
  redis({"CONFIG", "SET", "port", "0"});
}

constexpr std::string_view append_only_7_2 = "# Server\r\nredis_version:7.2.4\r\n# Persistence\r\naof_enabled:1\r\n";

TEST(Durability, KnowsWhatARedisCanAcknowledge) {
  EXPECT_EQ(queue::durability_of("redis_version:7.0.15\r\naof_enabled:1\r\nrole:master\r\n"), Durability{});
  EXPECT_EQ(queue::durability_of("redis_version:7.2.0\r\naof_enabled:0\r\n"), Durability{});
  EXPECT_EQ(queue::durability_of(append_only_7_2), (Durability{.append_only_acknowledged = true, .replicas = false}));
  EXPECT_EQ(queue::durability_of("redis_version:10.0.1\r\naof_enabled:1\r\n").append_only_acknowledged, true);
  EXPECT_EQ(queue::durability_of("slave0:ip=1,port=2,state=online,offset=1,lag=0\r\n").replicas, true);
  EXPECT_EQ(queue::durability_of("slave0:ip=1,port=2,state=wait_bgsave,offset=1,lag=0\r\n").replicas, false);
}

TEST(Durability, AsksForBothAndNeedsBothAnswers) {
  const Durability both{.append_only_acknowledged = true, .replicas = true};
  EXPECT_EQ(queue::wait_commands(both, 3s),
            (std::vector<queue::Command>{{"WAITAOF", "1", "0", "3000"}, {"WAIT", "1", "3000"}}));
  const auto number = [](std::int64_t value) {
    Reply reply;
    reply.kind = Reply::Kind::integer;
    reply.number = value;
    return reply;
  };
  Reply synced;
  synced.kind = Reply::Kind::array;
  synced.items = {number(1), number(0)};
  Reply not_synced = synced;
  not_synced.items[0] = number(0);
  EXPECT_TRUE(queue::acknowledged(both, std::vector{synced, number(1)}));
  EXPECT_FALSE(queue::acknowledged(both, std::vector{not_synced, number(1)}));
  EXPECT_FALSE(queue::acknowledged(both, std::vector{synced, number(0)}));
  EXPECT_FALSE(queue::acknowledged(both, std::vector{synced}));
  EXPECT_TRUE(queue::acknowledged({}, {}));
  EXPECT_TRUE(queue::wait_commands({}, 3s).empty());
}

}  // namespace
}  // namespace test
