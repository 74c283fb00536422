#include "fhir/base_url.h"

#include <string>

#include <gtest/gtest.h>

namespace {

using namespace fhir;

TEST(BaseUrl, TakesATrailingSlashAPortAndAPrefix) {
  const auto base = *parse_base_url("https://h:8443/prefix/fhir/R4/");
  EXPECT_EQ(base.origin.str(), "https://h:8443");
  EXPECT_EQ(base.path, "/prefix/fhir/R4");
  EXPECT_EQ(base.root, "/prefix");
}

TEST(BaseUrl, FindsTheServersRoot) {
  EXPECT_EQ(parse_base_url("https://h/fhir/R4")->root, "");
  EXPECT_EQ(parse_base_url("https://h/baseR4")->root, "");
  EXPECT_EQ(parse_base_url("https://h")->root, "");
  EXPECT_EQ(parse_base_url("https://h/projects/5b0c5c3e/fhir/R4")->root, "");
  EXPECT_EQ(parse_base_url("https://h/api/projects/5b0c5c3e/fhir/R4")->root, "/api");
}

TEST(BaseUrl, LeavesOutTheDefaultPort) {
  EXPECT_EQ(parse_base_url("https://h:443/fhir/R4")->origin.authority(), "h");
  EXPECT_EQ(parse_base_url("http://h/fhir/R4")->origin.port, "80");
  EXPECT_EQ(parse_base_url("http://h:443/fhir/R4")->origin.authority(), "h:443");
}

TEST(BaseUrl, PutsIpv6InBrackets) {
  const auto base = *parse_base_url("http://[::1]:8103/fhir/R4");
  EXPECT_EQ(base.origin.host, "::1");
  EXPECT_EQ(base.origin.authority(), "[::1]:8103");
}

TEST(BaseUrl, RefusesWhatIsNoPlainBase) {
  for (const std::string text : {"",
                                 "h/fhir/R4",
                                 "/fhir/R4",
                                 "ftp://h/fhir/R4",
                                 "https://",
                                 "https:///fhir/R4",
                                 "https://h:0/",
                                 "https://h:65536/",
                                 "https://h:99999999999/",
                                 "https://h:x80/",
                                 "https://h:80x/fhir/R4",
                                 "https://user:password@h/fhir/R4",
                                 "https://h/fhir/R4?x=1",
                                 "https://h/fhir/R4#x",
                                 "https://h/../fhir",
                                 "https://h/%2e%2e/fhir",
                                 "https://h//fhir",
                                 "https://h /fhir",
                                 "https://h/fhir\r\nX: y",
                                 "https://h\n/fhir",
                                 "https://h/fh\xc3\xafr",
                                 "https://h%0d%0a/fhir",
                                 "javascript:alert(1)"}) {
    EXPECT_FALSE(parse_base_url(text)) << text;
  }
}

TEST(BaseUrl, DoesNotRepeatAPassword) {
  EXPECT_EQ(parse_base_url("https://user:hunter2@h/fhir/R4").error().find("hunter2"), std::string::npos);
}

TEST(BaseUrl, KeepsTheQueryOfATokenUrl) {
  const auto url = *parse_url("https://login.example.org/oauth2/token?tenant=1");
  EXPECT_EQ(url.path, "/oauth2/token");
  EXPECT_EQ(url.query, "?tenant=1");
}

TEST(StaysBelowBase, LetsRequestsThrough) {
  for (const std::string path : {"Patient/1", "Patient/1/$everything?_count=1000&_cursor=2-2026-01-01T00:00:00.000Z",
                                 "Patient?_compartment=Patient%2F1&_sort=_lastUpdated", "metadata", "Patient/a.b"}) {
    EXPECT_TRUE(stays_below_base(path)) << path;
  }
}

TEST(StaysBelowBase, StopsWhatLeavesOrSplits) {
  for (const std::string path :
       {"", "/Patient/1", "../auth/me", "Patient/..", "Patient/../../admin", "Patient/%2e%2e", "Patient/.%2E/x", "./x",
        "Patient//1", "Patient/1/", "Patient/1 HTTP/1.1", "Patient/1\r\nX: y", "Patient/1\tx", "Patient\\1",
        "Patient/1#x", "Patient/\xc3\xa9", "Patient/1?a=b c", "Patient/1\x7f"}) {
    EXPECT_FALSE(stays_below_base(path)) << path;
  }
}

TEST(PercentEncoded, LeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded("a b&c=d+e%/\r\n\xc3\xa9"), "a%20b%26c%3Dd%2Be%25%2F%0D%0A%C3%A9");
}

}  // namespace
