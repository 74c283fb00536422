#include "worker/http/target.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "worker/http/refusal.h"

namespace worker::http {
namespace {

using Path = std::vector<std::string>;

TEST(Target, IsDecodedOnce) {
  EXPECT_EQ(read_target("/fhir/R4/Patient/1/%24set-accounts", "h").path,
            (Path{"fhir", "R4", "Patient", "1", "$set-accounts"}));
  EXPECT_EQ(read_target("/a%2524", "h").path, (Path{"a%24"}));
  EXPECT_EQ(read_target("/%c3%A9", "h").path, (Path{"\xc3\xa9"}));
}

TEST(Target, MayEndInOneSlash) {
  EXPECT_EQ(read_target("/", "h").path, Path{});
  EXPECT_EQ(read_target("/a/", "h").path, Path{"a"});
  EXPECT_THROW((void)read_target("/a//", "h"), Refused);
}

TEST(Target, KeepsTheQueryAsItWasSent) {
  const Target read = read_target("/a?b=%2F&c=../?d", "h");
  EXPECT_EQ(read.path, Path{"a"});
  EXPECT_EQ(read.query, "b=%2F&c=../?d");
}

TEST(Target, MayNameTheServerThatHostNames) {
  EXPECT_EQ(read_target("http://h:80/a", "H:80").path, Path{"a"});
  EXPECT_EQ(read_target("HTTPS://h", "h").path, Path{});
  for (const std::string other : {"http://g/a", "http://h:81/a", "http://u@h:80/a", "http:///a", "http://h:80\\@g/a"})
    EXPECT_THROW((void)read_target(other, "h:80"), Refused) << other;
}

TEST(Target, RefusesPathsThatCouldBeUnderstoodInTwoWays) {
  for (const std::string path :
       {"/a%2Fb",  "/a%2fb",     "/a%5Cb",  "/a\\b",  "/a%00",     "/a%0d%0a", "/a%7f",  "/a%1F",
        "/.",      "/..",        "/a/../b", "/a/./b", "/%2e%2e/b", "/.%2E/b",  "/a/%2e", "//",
        "//a",     "/a//b",      "/%",      "/%4",    "/%4g",      "/a%u0041", "/%ff",   "/%c3",
        "/%c0%af", "/%ed%a0%80", "/%c2%85", "a",      "*",         "h:80",     "?a"})
    EXPECT_THROW((void)read_target(path, "h"), Refused) << path;
}

}  // namespace
}  // namespace worker::http
