#include "queue/redis_client.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "tests/queue/links_fixture.h"
#include "tests/support/redis_server.h"

namespace test {
namespace {

using queue::Command;
using queue::QueueUnavailable;
using queue::Reply;

/// A server of one's own: these tests kill it.
class RedisClientTest : public ::testing::Test {
 protected:
  RedisClientTest() : client(io.get_executor(), settings(), [this](const std::string& why) { told.push_back(why); }) {}

  config::Redis settings() {
    config::Redis redis;
    redis.url = server.url();
    return redis;
  }
  std::string text(Command command, std::chrono::milliseconds limit = 5s) {
    return run(io, client.execute(std::move(command), limit)).text;
  }
  /// Asks until Redis answers again, as a worker does.
  std::string text_at_last(const Command& command) {
    for (;;) {
      try {
        return text(command);
      } catch (const QueueUnavailable&) {
      }
    }
  }

  boost::asio::io_context io;
  RedisServer server;
  std::vector<std::string> told;
  queue::RedisClient client;
};

TEST_F(RedisClientTest, AnswersAThousandCallersAtOnceInTheirOrder) {
  int right = 0;
  for (int i = 0; i < 1000; ++i)
    boost::asio::co_spawn(io.get_executor(), client.execute({"ECHO", std::to_string(i)}),
                          [&right, i](const std::exception_ptr&, const Reply& reply) {
                            right += reply.text == std::to_string(i) ? 1 : 0;
                          });
  EXPECT_EQ(text({"ECHO", "last"}), "last");
  EXPECT_EQ(right, 1000);
  EXPECT_EQ(client.connections_made(), 1U);
}

TEST_F(RedisClientTest, PipelinesCommandsAndReturnsErrorsAsReplies) {
  const auto replies = run(io, client.pipeline({{"SET", "a", "1"}, {"LPUSH", "a", "x"}, {"INCR", "a"}}));
  ASSERT_EQ(replies.size(), 3U);
  EXPECT_EQ(replies[0].text, "OK");
  EXPECT_TRUE(replies[1].is_error());
  EXPECT_EQ(replies[2].number, 2);
}

TEST_F(RedisClientTest, ACancelledCallerLeavesTheOthersTheirOwnReplies) {
  EXPECT_EQ(text({"ECHO", "connected"}), "connected");
  boost::asio::cancellation_signal cancel;
  bool cancelled = false;
  std::string neighbour;
  boost::asio::co_spawn(
      io.get_executor(), client.execute({"ECHO", "of the cancelled one"}),
      boost::asio::bind_cancellation_slot(
          cancel.slot(), [&](const std::exception_ptr& error, const Reply&) { cancelled = bool(error); }));
  boost::asio::co_spawn(io.get_executor(), client.execute({"ECHO", "of the neighbour"}),
                        [&](const std::exception_ptr&, const Reply& reply) { neighbour = reply.text; });
  while (io.poll_one() != 0 && !cancelled) cancel.emit(boost::asio::cancellation_type::terminal);
  EXPECT_EQ(text({"ECHO", "mine"}), "mine");
  EXPECT_TRUE(cancelled);
  EXPECT_EQ(neighbour, "of the neighbour");
  EXPECT_EQ(client.connections_made(), 1U);
}

TEST_F(RedisClientTest, GivesUpAfterTheLimitAndSaysSoOnce) {
  EXPECT_EQ(text({"PING"}), "PONG");
  server.stop();
  EXPECT_THROW(text({"PING"}, 50ms), QueueUnavailable);
  EXPECT_THROW(text({"PING"}, 50ms), QueueUnavailable);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].find("did not answer within 50 ms"), std::string::npos) << told[0];
  server.go_on();
  EXPECT_EQ(text_at_last({"PING"}), "PONG");
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[1], "");
}

TEST_F(RedisClientTest, ConnectsAgainAfterTheServerWasKilledAndKeepsWhatWasAcknowledged) {
  EXPECT_EQ(text({"SET", "kept", "1"}), "OK");
  server.kill();
  EXPECT_THROW(text({"PING"}), QueueUnavailable);
  EXPECT_THROW(text({"PING"}), QueueUnavailable);
  server.restart();
  EXPECT_EQ(text_at_last({"GET", "kept"}), "1");
  EXPECT_EQ(client.connections_made(), 2U);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_NE(told[0].find(server.url()), std::string::npos) << told[0];
}

TEST_F(RedisClientTest, ABrokenConnectionFailsTheCommandsUnderWayAndNoOthers) {
  EXPECT_EQ(text({"PING"}), "PONG");
  std::string failure;
  boost::asio::co_spawn(io.get_executor(), client.execute_blocking({"BLPOP", "nothing", "30"}, 40s),
                        [&](const std::exception_ptr& error, const Reply&) {
                          try {
                            if (error) std::rethrow_exception(error);
                          } catch (const QueueUnavailable& unavailable) {
                            failure = unavailable.what();
                          }
                        });
  while (text({"CLIENT", "LIST"}).find("cmd=blpop") == std::string::npos) {
  }
  EXPECT_EQ(text({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"}), "");
  while (failure.empty()) EXPECT_EQ(text({"PING"}), "PONG");
  EXPECT_EQ(run(io, client.execute_blocking({"PING"}, 5s)).text, "PONG");
  EXPECT_EQ(client.connections_made(), 1U);
  EXPECT_TRUE(told.empty());
}

TEST_F(RedisClientTest, TakesAReplicaForAServerThatItCannotUse) {
  EXPECT_EQ(text({"REPLICAOF", "127.0.0.1", "1"}), "OK");
  EXPECT_THROW(text({"SET", "a", "1"}), QueueUnavailable);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].find("READONLY"), std::string::npos) << told[0];
  EXPECT_EQ(text_at_last({"REPLICAOF", "NO", "ONE"}), "OK");
  EXPECT_EQ(text({"SET", "a", "1"}), "OK");
  EXPECT_EQ(client.connections_made(), 2U);
}

TEST_F(RedisClientTest, SaysWhenItMustLogInOrMayNot) {
  EXPECT_EQ(text({"CONFIG", "SET", "requirepass", "secret"}), "OK");
  const auto complaint_of = [&](const std::string& url) {
    config::Redis with_login;
    with_login.url = url;
    queue::RedisClient other(io.get_executor(), with_login, {});
    try {
      return run(io, other.execute({"PING"})).text;
    } catch (const QueueUnavailable& unavailable) {
      return std::string(unavailable.what());
    }
  };
  EXPECT_NE(complaint_of(server.url()).find("NOAUTH"), std::string::npos);
  EXPECT_NE(complaint_of("unix://:wrong@" + server.socket().string()).find("WRONGPASS"), std::string::npos);
  EXPECT_EQ(complaint_of("unix://:secret@" + server.socket().string() + "?db=3"), "PONG");
  EXPECT_NE(complaint_of("unix://:secret@" + server.socket().string() + "?db=99").find("out of range"),
            std::string::npos);
}

TEST_F(RedisClientTest, MayGoWhileItsCommandsAreUnderWay) {
  {
    queue::RedisClient shortlived(io.get_executor(), settings(), {});
    boost::asio::co_spawn(io.get_executor(), shortlived.execute_blocking({"BLPOP", "nothing", "30"}, 40s),
                          [](const std::exception_ptr& error, const Reply&) { EXPECT_TRUE(error); });
    EXPECT_EQ(text({"PING"}), "PONG");
  }
  EXPECT_EQ(text({"PING"}), "PONG");
}

}  // namespace
}  // namespace test
