#include <csignal>

#include <boost/asio/co_spawn.hpp>

#include "queue/scripts.h"
#include "tests/queue/links_fixture.h"
#include "tests/support/redis_process.h"
#include "tests/support/redis_server.h"
#include "tests/support/wait_until.h"

namespace test {
namespace {

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// What a move that writes answers, or why it was refused.
std::string moved(Linked& redis) {
  static constexpr queue::Script writes{
      .name = "a move", .digest = "none", .text = "return redis.call('SET', KEYS[1] .. ':a', 1)"};
  try {
    const auto reply = run(redis.io, queue::run_script(redis.client, writes, "{q}", {}));
    return reply.text;
  } catch (const queue::QueueUnavailable& unavailable) {
    return unavailable.what();
  }
}

TEST(Refusals, OfARedisThatIsOutOfMemoryOrMayNotSaveAreSaidAndKeepTheConnection) {
  RedisProcess server;
  Linked redis(server.url());
  EXPECT_EQ(moved(redis), "OK");
  server.ask({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_TRUE(says(moved(redis), "Redis refused a move: OOM")) << moved(redis);
  server.ask({"CONFIG", "SET", "maxmemory", "0"});
  server.ask({"CONFIG", "SET", "min-replicas-to-write", "1"});
  EXPECT_TRUE(says(moved(redis), "Redis refused a move: NOREPLICAS")) << moved(redis);
  server.ask({"CONFIG", "SET", "min-replicas-to-write", "0"});
  EXPECT_EQ(moved(redis), "OK");
  EXPECT_EQ(redis.client.connections_made(), 1U);
  EXPECT_TRUE(redis.told.empty());
}

TEST(Refusals, OfAKeyOfTheWrongTypeAreSaid) {
  RedisProcess server;
  Linked redis(server.url());
  server.ask({"LPUSH", "{q}:a", "x"});
  const auto reply = redis.ask({"HGET", "{q}:a", "f"});
  EXPECT_TRUE(reply.text.starts_with("WRONGTYPE")) << reply.text;
}

TEST(Refusals, OfARedisThatIsBusyWithAScriptAreSaidUntilItIsOver) {
  RedisProcess server({"busy-reply-threshold 50"});
  Linked redis(server.url());
  EXPECT_EQ(moved(redis), "OK");
  bool ended = false;
  Linked other(server.url());
  boost::asio::co_spawn(other.io.get_executor(), other.client.execute({"EVAL", "while true do end", "0"}, 60s),
                        [&](const std::exception_ptr&, const queue::Reply&) { ended = true; });
  while (server.answers() && !says(server.ask({"GET", "a"}).text, "BUSY")) other.io.poll();
  EXPECT_TRUE(says(moved(redis), "BUSY")) << moved(redis);
  server.ask({"SCRIPT", "KILL"});
  while (!ended) other.io.run_one();
  EXPECT_EQ(moved(redis), "OK");
  EXPECT_EQ(redis.client.connections_made(), 1U);
}

TEST(Refusals, OfAServerThatHasNoRoomForMoreClientsAreSaid) {
  RedisProcess server;
  server.ask({"CONFIG", "SET", "maxclients", "1"});
  Linked first(server.url());
  EXPECT_EQ(first.text({"PING"}), "PONG");
  Linked second(server.url());
  EXPECT_TRUE(says(second.text({"PING"}), "max number of clients")) << second.text({"PING"});
}

TEST(Refusals, OfAWrongPasswordAreSaidOnceAndEndWhenItIsPutRight) {
  RedisProcess server({"user worker on >right ~* &* +@all"});
  Linked redis("redis://worker:wrong@" + server.host_and_port());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(says(redis.text({"PING"}), "WRONGPASS")) << redis.text({"PING"});
  ASSERT_EQ(redis.told.size(), 1U);
  EXPECT_FALSE(says(redis.told.front(), "wrong@")) << redis.told.front();
  server.ask({"ACL", "SETUSER", "worker", ">wrong"});
  EXPECT_EQ(redis.ask_at_last({"PING"}).text, "PONG");
  EXPECT_EQ(redis.told.back(), "");
}

TEST(Troubles, OfAServerThatIsStillLoadingEndWhenItHasLoaded) {
  RedisProcess server(
      {"appendonly yes", "appendfsync no", "key-load-delay 300", "loading-process-events-interval-bytes 1024"});
  for (int i = 0; i < 300; ++i) server.ask({"SET", "{q}:" + std::to_string(i), std::string(2000, 'x')});
  Linked redis(server.url());
  server.kill();
  server.restart();
  const std::string first = redis.text({"PING"});
  EXPECT_TRUE(first == "PONG" || says(first, "LOADING")) << first;
  EXPECT_EQ(redis.ask_at_last({"EXISTS", "{q}:299"}).number, 1);
}

TEST(Troubles, OfAServerThatFreezesAreNoticedByACommandThatBlocks) {
  RedisProcess server;
  Linked redis(server.url());
  EXPECT_EQ(redis.text({"PING"}), "PONG");
  EXPECT_FALSE(run(redis.io, redis.client.execute_blocking({"PING"}, 5s)).is_error());
  server.stop();
  const queue::Command forever{"BLPOP", "{q}:none", "0"};
  EXPECT_THROW(run(redis.io, redis.client.execute_blocking(forever, 100ms)), queue::QueueUnavailable);
  ASSERT_EQ(redis.told.size(), 1U);
  EXPECT_TRUE(says(redis.told.front(), "did not answer within 100 ms")) << redis.told.front();
  server.go_on();
  EXPECT_EQ(redis.ask_at_last({"PING"}).text, "PONG");
  EXPECT_EQ(redis.client.connections_made(), 2U) << "what is silent on one connection is so on all";
}

TEST(Troubles, OfAPrimaryThatBecomesAReplicaWhileACommandBlocksAreToldToAll) {
  RedisProcess server;
  Linked redis(server.url());
  EXPECT_EQ(redis.text({"PING"}), "PONG");
  int told = 0;
  const auto note = [&](const std::exception_ptr& error, const auto&) { told += error ? 1 : 0; };
  boost::asio::co_spawn(redis.io.get_executor(), redis.client.execute_blocking({"BLPOP", "{q}:none", "30"}, 40s), note);
  boost::asio::co_spawn(redis.io.get_executor(),
                        redis.client.pipeline_blocking({{"SET", "{q}:a", "1"}, {"BLPOP", "{q}:none", "30"}}, 40s),
                        note);
  while (!says(server.ask({"INFO", "clients"}).text, "blocked_clients:2")) redis.io.poll();
  server.ask({"REPLICAOF", "127.0.0.1", "1"});
  while (told < 2) redis.io.run_one();
  server.ask({"REPLICAOF", "NO", "ONE"});
  EXPECT_EQ(redis.ask_at_last({"SET", "{q}:a", "2"}).text, "OK");
  EXPECT_FALSE(run(redis.io, redis.client.execute_blocking({"PING"}, 5s)).is_error());
}

TEST(Troubles, OfAnErrorInAPipelineThatMeansAnotherServerAreToldToAllWhoWait) {
  RedisProcess server;
  Linked redis(server.url());
  EXPECT_EQ(redis.text({"PING"}), "PONG");
  server.ask({"REPLICAOF", "127.0.0.1", "1"});
  int told = 0;
  const auto note = [&](const std::exception_ptr& error, const auto&) { told += error ? 1 : 0; };
  boost::asio::co_spawn(redis.io.get_executor(),
                        redis.client.pipeline({{"GET", "{q}:a"}, {"SET", "{q}:a", "1"}, {"GET", "{q}:a"}}), note);
  boost::asio::co_spawn(redis.io.get_executor(), redis.client.execute({"GET", "{q}:a"}), note);
  boost::asio::co_spawn(redis.io.get_executor(), redis.client.pipeline({{"GET", "{q}:a"}, {"GET", "{q}:b"}}), note);
  while (told < 3) redis.io.run_one();
  EXPECT_EQ(redis.told.size(), 1U);
}

TEST(Scripts, AreSentAgainAfterRedisForgotThem) {
  RedisProcess server;
  Linked redis(server.url());
  EXPECT_EQ(moved(redis), "OK");
  server.ask({"SCRIPT", "FLUSH"});
  EXPECT_EQ(moved(redis), "OK");
  EXPECT_EQ(redis.client.connections_made(), 1U);
}

}  // namespace
}  // namespace test
