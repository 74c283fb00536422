#include "queue/redis_url.h"

#include <gtest/gtest.h>

#include "queue/redis_login.h"

namespace queue {
namespace {

using AddressKind = RedisAddress::Kind;

RedisAddress parsed(const std::string& url) {
  const auto read = parse_redis_url(url);
  EXPECT_EQ(read.servers.size(), 1U);
  return read.servers.front();
}

std::string complaint_about(const std::string& url) {
  try {
    parse_redis_url(url);
  } catch (const BadRedisUrl& error) {
    return error.what();
  }
  return "";
}

TEST(RedisUrl, ReadsHostPortUserPasswordAndDatabase) {
  const auto address = parsed("redis://me:p%40ss%3Aword@redis.example.org:6380/3");
  EXPECT_EQ(address.kind, AddressKind::tcp);
  EXPECT_EQ(address.host, "redis.example.org");
  EXPECT_EQ(address.port, "6380");
  EXPECT_EQ(address.user, "me");
  EXPECT_EQ(address.password, "p@ss:word");
  EXPECT_EQ(address.database, 3);
}

TEST(RedisUrl, NeedsNothingButAHost) {
  const auto address = parsed("rediss://h");
  EXPECT_EQ(address.kind, AddressKind::tls);
  EXPECT_EQ(address.port, "6379");
  EXPECT_EQ(address.database, 0);
  EXPECT_TRUE(login_commands(address).empty());
}

TEST(RedisUrl, ReadsTheAddressOfAUnixSocket) {
  const auto address = parsed("unix:///run/my%20redis/redis.sock?db=2");
  EXPECT_EQ(address.kind, AddressKind::unix_socket);
  EXPECT_EQ(address.path, "/run/my redis/redis.sock");
  EXPECT_EQ(address.database, 2);
}

TEST(RedisUrl, SurvivesAnEmptyQuery) {
  EXPECT_EQ(parsed("unix:///s?#db=1").database, 0);
  EXPECT_EQ(parsed("unix:///s?").path, "/s");
  EXPECT_EQ(parsed("unix:///s?x&db=4&y=1").database, 4);
}

TEST(RedisUrl, ReadsAnIpv6Host) {
  const auto address = parsed("redis://:secret@[::1]:7000");
  EXPECT_EQ(address.host, "::1");
  EXPECT_EQ(address.password, "secret");
  EXPECT_EQ(address.where(), "redis://[::1]:7000");
}

TEST(RedisUrl, LogsInWithTheUserOnlyIfThereIsOne) {
  EXPECT_EQ(login_commands(parsed("redis://:s@h/1")), (std::vector<Command>{{"AUTH", "s"}, {"SELECT", "1"}}));
  EXPECT_EQ(login_commands(parsed("redis://u:s@h")), (std::vector<Command>{{"AUTH", "u", "s"}}));
}

TEST(RedisUrl, ReadsSeveralHostsThatShareTheLogin) {
  const auto url = parse_redis_url("rediss://me:s%2Cecret@a:7000,b,[::1]:7002/1");
  ASSERT_EQ(url.servers.size(), 3U);
  EXPECT_EQ(url.servers[0].where(), "rediss://a:7000");
  EXPECT_EQ(url.servers[1].where(), "rediss://b:6379");
  EXPECT_EQ(url.servers[2].where(), "rediss://[::1]:7002");
  for (const auto& server : url.servers) {
    EXPECT_EQ(server.user, "me");
    EXPECT_EQ(server.password, "s,ecret");
    EXPECT_EQ(server.database, 1);
  }
}

TEST(RedisUrl, ReadsSentinelsAndTheNameOfThePrimary) {
  const auto url = parse_redis_url("redis+sentinel://:secret@a,b:5000/my%20primary/2");
  EXPECT_EQ(url.primary, "my primary");
  ASSERT_EQ(url.servers.size(), 2U);
  EXPECT_EQ(url.servers[0].where(), "redis://a:26379");
  EXPECT_EQ(url.servers[1].where(), "redis://b:5000");
  EXPECT_EQ(url.servers[1].password, "secret");
  EXPECT_EQ(url.servers[1].database, 2);
  EXPECT_EQ(parse_redis_url("rediss+sentinel://a/main").servers[0].kind, AddressKind::tls);
}

TEST(RedisUrl, SaysWhatIsWrong) {
  EXPECT_NE(complaint_about("http://h").find("must begin with redis://"), std::string::npos);
  EXPECT_NE(complaint_about("redis://").find("host is missing"), std::string::npos);
  EXPECT_NE(complaint_about("redis://h/x").find("database must be a number"), std::string::npos);
  EXPECT_NE(complaint_about("redis://h:99999").find("port must be a number"), std::string::npos);
  EXPECT_NE(complaint_about("redis://h:0").find("port must be a number"), std::string::npos);
  EXPECT_NE(complaint_about("unix://relative.sock").find("absolute path"), std::string::npos);
  EXPECT_NE(complaint_about("unix:relative.sock").find("absolute path"), std::string::npos);
  EXPECT_NE(complaint_about("unix:///s?db=-1").find("database must be a number"), std::string::npos);
  EXPECT_NE(complaint_about("redis://a,,b").find("host is missing"), std::string::npos);
  EXPECT_NE(complaint_about("redis://a,b:0").find("port must be a number"), std::string::npos);
  EXPECT_NE(complaint_about("redis://a,b/x").find("database must be a number"), std::string::npos);
  EXPECT_NE(complaint_about("redis+sentinel://h").find("by its name"), std::string::npos);
  EXPECT_NE(complaint_about("redis+sentinel://h/").find("by its name"), std::string::npos);
  EXPECT_NE(complaint_about("redis+sentinel://h/main/2/3").find("by its name"), std::string::npos);
  EXPECT_NE(complaint_about("redis+sentinel://h/main/x").find("database must be a number"), std::string::npos);
  EXPECT_NE(complaint_about("").find("must begin with"), std::string::npos);
}

TEST(RedisUrl, NeverShowsThePassword) {
  for (const char* url : {"redis://u:hunter 2@h", "redis://u:hunter2@h/x", "hunter2", "redis://u:hunter2@"})
    EXPECT_EQ(complaint_about(url).find("hunter"), std::string::npos) << complaint_about(url);
  EXPECT_EQ(parsed("redis://u:hunter2@h").where(), "redis://h:6379");
}

}  // namespace
}  // namespace queue
