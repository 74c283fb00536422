#include <gtest/gtest.h>

#include "queue/redis_redirects.h"
#include "queue/redis_whereabouts.h"

namespace queue {
namespace {

using RedirectKind = Redirect::Kind;

Reply error(const std::string& text) {
  return {.kind = Reply::Kind::error, .text = text, .items = {}};
}
Reply status(const std::string& text) {
  return {.kind = Reply::Kind::status, .text = text, .items = {}};
}

TEST(Redirect, ReadsWhereASlotIs) {
  EXPECT_EQ(redirect_of(error("MOVED 3999 127.0.0.1:6381")), (Redirect{RedirectKind::moved, {"127.0.0.1", "6381"}}));
  EXPECT_EQ(redirect_of(error("ASK 3999 r2.example.org:7000")),
            (Redirect{RedirectKind::ask, {"r2.example.org", "7000"}}));
  EXPECT_EQ(redirect_of(error("MOVED 1 fd00::17:6379")), (Redirect{RedirectKind::moved, {"fd00::17", "6379"}}));
  EXPECT_EQ(redirect_of(error("TRYAGAIN Multiple keys")), (Redirect{RedirectKind::later, {}}));
  EXPECT_EQ(redirect_of(error("MOVEDABOUT 1 a:2")), Redirect{});
  EXPECT_EQ(redirect_of(status("MOVED 1 a:2")), Redirect{}) << "a value, no error";
}

TEST(Redirect, TakesTheHostThatWasAskedWhereNoneIsKnown) {
  const RedisAddress asked = parse_redis_url("rediss://me:s@lb.example.org:6379").servers.front();
  for (const char* text : {"MOVED 3999 :6380", "MOVED 3999 ?:6380"}) {
    const auto address = address_of(redirect_of(error(text)).node, asked);
    EXPECT_EQ(address.where(), "rediss://lb.example.org:6380");
    EXPECT_EQ(address.password, "s");
  }
}

TEST(Redirect, ReadsTheNodesOfAClusterOnceEach) {
  const auto node = [](const std::string& host, std::int64_t port) {
    return Reply{.kind = Reply::Kind::array,
                 .text = {},
                 .items = {{.kind = Reply::Kind::string, .text = host, .items = {}},
                           {.kind = Reply::Kind::integer, .text = {}, .number = port, .items = {}}}};
  };
  const Reply slot{.kind = Reply::Kind::integer, .text = {}, .number = 1, .items = {}};
  const Reply range{.kind = Reply::Kind::array, .text = {}, .items = {slot, slot, node("a", 1), node("b", 2)}};
  const Reply slots{.kind = Reply::Kind::array, .text = {}, .items = {range, range}};
  EXPECT_EQ(nodes_of(slots), (std::vector<RedisNode>{{"a", "1"}, {"b", "2"}}));
  EXPECT_TRUE(nodes_of(error("ERR This instance has cluster support disabled")).empty());
}

TEST(Redirects, SendOnlyWhatWasNotAnsweredAndKeepTheOrderOfReplies) {
  RedisRedirects redirects({{"INCR", "a"}, {"INCR", "b"}, {"INCR", "c"}});
  redirects.received({status("1"), error("MOVED 1 n:2"), error("MOVED 1 n:2")});
  EXPECT_EQ(redirects.moved_to(), (RedisNode{"n", "2"}));
  EXPECT_EQ(redirects.to_send(), (std::vector<Command>{{"INCR", "b"}, {"INCR", "c"}}));
  EXPECT_EQ(redirects.pause().count(), 0);
  redirects.received({status("2"), status("3")});
  ASSERT_TRUE(redirects.done());
  const auto replies = redirects.take_replies();
  EXPECT_EQ(replies.at(0).text + replies.at(1).text + replies.at(2).text, "123");
}

TEST(Redirects, AskAgainWhatIsAboutTheServerTogetherWithTheWrite) {
  RedisRedirects redirects({{"EVALSHA", "x", "1", "{q}"}, {"WAIT", "1", "100"}});
  redirects.received({error("MOVED 1 n:2"), error("ERR WAIT cannot be used with replica instances")});
  EXPECT_EQ(redirects.to_send(), (std::vector<Command>{{"EVALSHA", "x", "1", "{q}"}, {"WAIT", "1", "100"}}));
}

TEST(Redirects, FollowAskWithAPlainCommandAndWaitWithAMove) {
  RedisRedirects plain({{"HGETALL", "{q}:job:1"}});
  plain.received({error("ASK 1 n:2")});
  EXPECT_EQ(plain.ask_at(), (RedisNode{"n", "2"}));
  for (const Command& command : {Command{"EVALSHA", "x", "1", "{q}"},
                                 {"EVAL", "x", "1", "{q}"},
                                 {"XREAD", "STREAMS", "{q}:inbox", "{q}:wake", "0", "0"}}) {
    RedisRedirects several({command});
    several.received({error("ASK 1 n:2")});
    EXPECT_FALSE(several.ask_at()) << command.front();
    EXPECT_GT(several.pause().count(), 0);
    EXPECT_EQ(several.to_send().size(), 1U);
  }
}

TEST(Redirects, AreNotFollowedForEver) {
  RedisRedirects redirects({{"GET", "a"}});
  int followed = 0;
  for (; !redirects.astray(); ++followed) redirects.received({error("MOVED 1 n:2")});
  EXPECT_EQ(followed, 6);
}

config::Redis settings(const std::string& url) {
  config::Redis redis;
  redis.url = url;
  return redis;
}

std::string order_of(const RedisWhereabouts& whereabouts) {
  std::string hosts;
  for (const auto& server : whereabouts.to_ask().servers) hosts += server.host;
  return hosts;
}

TEST(Whereabouts, AskFirstWhoHelpedLastAndLastWhoFailed) {
  RedisWhereabouts whereabouts(settings("redis://:s@a,b,c"));
  EXPECT_EQ(order_of(whereabouts), "abc");
  whereabouts.helped(whereabouts.to_ask().servers.at(1));
  EXPECT_EQ(order_of(whereabouts), "bac");
  whereabouts.failed(whereabouts.to_ask().servers.at(0));
  EXPECT_EQ(order_of(whereabouts), "acb");
  EXPECT_EQ(whereabouts.to_ask().servers.front().password, "s");
}

TEST(Whereabouts, LearnTheNodesOfAClusterAndForgetThoseThatLeft) {
  RedisWhereabouts whereabouts(settings("redis://a"));
  EXPECT_FALSE(whereabouts.may_change());
  const auto a = whereabouts.to_ask().servers.front();
  whereabouts.learn({{"x", "1"}, {"y", "2"}}, a);
  EXPECT_EQ(order_of(whereabouts), "axy");
  EXPECT_TRUE(whereabouts.may_change());
  whereabouts.learn({{"y", "2"}, {"z", "3"}}, whereabouts.to_ask().servers.at(2));
  EXPECT_EQ(order_of(whereabouts), "yza") << "the URL's own stay";
}

TEST(Whereabouts, GiveNewDirectionsOnceForEachMove) {
  RedisWhereabouts whereabouts(settings("redis://a,b"));
  const auto before = whereabouts.directions();
  const auto b = whereabouts.to_ask().servers.at(1);
  for (int i = 0; i < 3; ++i) whereabouts.moved(b, before);
  EXPECT_EQ(whereabouts.directions(), before + 1) << "three commands were told of one move";
  EXPECT_EQ(order_of(whereabouts), "ba");
}

}  // namespace
}  // namespace queue
