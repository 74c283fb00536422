#include "config/url.h"

#include <gtest/gtest.h>

namespace config {
namespace {

TEST(HttpUrl, HasASchemeAndAHostAndNothingThatHidesOrChangesIt) {
  for (const char* url : {"http://h", "https://api.example.org/fhir/R4", "http://[::1]:8103/fhir/R4", "https://h:1/"})
    EXPECT_TRUE(is_http_url(url)) << url;
  for (const char* url : {"", "h", "ftp://h", "https://", "https:///fhir", "https://:80/", "https://h/a b",
                          "https://h/?q", "https://h/#f", "https://u:p@h/", "https://h/@x", "HTTPS:h", "https://h\n"})
    EXPECT_FALSE(is_http_url(url)) << url;
}

TEST(HttpUrl, IsUnprotectedOnlyOverANetworkInTheClear) {
  for (const char* url :
       {"http://example.org/x", "http://10.0.0.1", "http://localhost.example.org", "http://127example.org"})
    EXPECT_TRUE(is_unprotected(url)) << url;
  for (const char* url : {"https://example.org", "http://localhost:8103/fhir/R4", "http://localhost",
                          "http://127.0.0.1:1", "http://[::1]:2"})
    EXPECT_FALSE(is_unprotected(url)) << url;
}

TEST(ListenAddress, IsAHostAndAPort) {
  for (const char* text : {"127.0.0.1:8089", "0.0.0.0:0", "[::1]:8089", "[::]:65535", "localhost:80"})
    EXPECT_TRUE(is_listen_address(text)) << text;
  for (const char* text : {"", "8089", ":8089", "127.0.0.1", "127.0.0.1:", "h:65536", "h:-1", "::1:8089", "[]:1",
                           "[::1]", "http://h:80", "u@h:80", "h :80", "h/x:80"})
    EXPECT_FALSE(is_listen_address(text)) << text;
}

TEST(RedisUrl, IsOfAKindThatIsKnown) {
  for (const char* url :
       {"redis://h", "rediss://u:p@h:6380/2", "unix:///run/redis.sock", "embedded:", "embedded:/var/x y"})
    EXPECT_TRUE(is_redis_url(url)) << url;
  for (const char* url :
       {"", "h:6379", "redis://", "redis://:6379", "unix://run/x", "unix://", "http://h", "redis://h /"})
    EXPECT_FALSE(is_redis_url(url)) << url;
}

TEST(RedisUrl, HasAPortAndADatabaseThatCanBe) {
  for (const char* url : {"redis://h:65535/0", "redis://h:/", "redis://[::1]", "redis://[::1]:6379/3",
                          "redis://u:p@h:1/2", "unix:///s?db=3", "unix:///s?x=y&db=0", "unix://u:p@/s?db=1"})
    EXPECT_TRUE(is_redis_url(url)) << url;
  for (const char* url : {"redis://h:99999", "redis://h:0", "redis://h:port", "redis://[::1]:99999", "redis://[::1",
                          "rediss://h/abc", "redis://h:6379/-1", "redis://u:p@h:6379/1/2", "redis://h/99999999999",
                          "unix:///s?db=x", "unix:///s?x=y&db=-1", "unix:///s?db=", "unix:///?db=1"})
    EXPECT_FALSE(is_redis_url(url)) << url;
}

TEST(RedisUrl, MayNameSeveralHosts) {
  for (const char* url : {"redis://a,b,c", "rediss://u:p@a:1,b:2/0", "redis://[::1]:7000,[::2]:7001",
                          "redis+sentinel://h/main", "rediss+sentinel://:p@a,b:26380,[::1]/main/3"})
    EXPECT_TRUE(is_redis_url(url)) << url;
  for (const char* url :
       {"redis://a,", "redis://,a", "redis://a,,b", "redis://a,b:0", "redis://a,:1", "redis://a:1,b/x",
        "redis+sentinel://h", "redis+sentinel://h/", "redis+sentinel://h//2", "redis+sentinel:///main",
        "redis+sentinel://h/main/x", "redis+sentinel://h/main/2/3", "unix+sentinel:///s"})
    EXPECT_FALSE(is_redis_url(url)) << url;
}

TEST(RedisUrl, IsShownWithoutItsPassword) {
  EXPECT_EQ(without_password("redis://u:secret@h:1/2"), "redis://u:***@h:1/2");
  EXPECT_EQ(without_password("redis://:secret@h"), "redis://:***@h");
  EXPECT_EQ(without_password("redis://:se/cr@et@h"), "redis://:***@h");
  EXPECT_EQ(without_password("redis+sentinel://:secret@a:1,b:2/main"), "redis+sentinel://:***@a:1,b:2/main");
  EXPECT_EQ(without_password("redis://u@h"), "redis://u@h");
  EXPECT_EQ(without_password("embedded:/x"), "embedded:/x");
}

}  // namespace
}  // namespace config
