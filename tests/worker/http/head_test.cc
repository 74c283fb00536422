#include "worker/http/head.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace worker::http {
namespace {

Limits limits_of_ten_lines() {
  Limits limits;
  limits.fields = 10;
  return limits;
}

std::optional<Refusal> verdict(const std::string& head) {
  const auto refused = judge_head(head, limits_of_ten_lines());
  if (!refused) return {};
  return refused->refusal;
}

std::string post_with(const std::string& lines) {
  return "POST /a HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n";
}

void expect_malformed(const std::vector<std::string>& heads) {
  for (const std::string& head : heads) EXPECT_EQ(verdict(head), Refusal::malformed) << head;
}

TEST(Head, TakesWhatClientsSend) {
  for (const std::string& head :
       {std::string("GET / HTTP/1.1\r\nHost: localhost:8089\r\n\r\n"),
        std::string("GET /fhir/R4/job/1-0/status?a=b|c HTTP/1.1\r\nhost: [::1]:80\r\nAccept: */*\r\n\r\n"),
        std::string("GET / HTTP/1.0\r\n\r\n"),
        post_with("Content-Length: 12\r\nContent-Type: application/fhir+json\r\n"),
        post_with("Transfer-Encoding: chunked\r\n"), post_with("transfer-encoding:chunked\r\nTrailer: a\r\n"),
        post_with("Content-Length:0\r\n"), post_with("Expect: 100-Continue\r\n"), post_with("X: \xc3\xa9\t \"=;\r\n"),
        post_with("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n")})
    EXPECT_EQ(verdict(head), std::nullopt) << head;
}

TEST(Head, RefusesABodyWhoseLengthIsSaidInTwoWays) {
  expect_malformed({post_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                    post_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
                    post_with("Content-Length: 5\r\nContent-Length: 5\r\n"),
                    post_with("Content-Length: 5\r\nContent-Length: 6\r\n"),
                    post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")});
}

TEST(Head, RefusesALengthThatIsNoPlainNumber) {
  for (const std::string value : {"+5", "-5", "5,5", "5, 5", " 5 ", " 5", "5 ", "5\t", "0x5", "5a", "", "\"5\"", "5;",
                                  "1000000000000000000", "99999999999999999999999"})
    expect_malformed({post_with("Content-Length: " + value + "\r\n")});
}

TEST(Head, RefusesACodingThatIsNotExactlyChunked) {
  for (const std::string value : {"Chunked", "chunked, chunked", "gzip, chunked", "identity", "chunked;q=1", "xchunked",
                                  " chunked", "chunked ", "chunked\t", "\tchunked", "", "\"chunked\"", "chunked,"})
    expect_malformed({post_with("Transfer-Encoding: " + value + "\r\n")});
  expect_malformed({"POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"});
}

TEST(Head, RefusesLinesThatAnotherReaderCouldSeeOtherwise) {
  expect_malformed({post_with("Content-Length : 5\r\n"), post_with(" Content-Length: 5\r\n"),
                    post_with("X: a\r\n b\r\n"), post_with("X: a\r\n\tb\r\n"), post_with("Content-Length\r\n"),
                    post_with(": 5\r\n"), post_with("Con tent: 5\r\n"), post_with("Content\x01: 5\r\n"),
                    post_with("X: a\nContent-Length: 5\r\n"), post_with("X: a\rContent-Length: 5\r\n"),
                    post_with(std::string("X: a\0b\r\n", 8)), post_with("X: \x7f\r\n"),
                    post_with("C\xc3\xb6ntent-Length: 5\r\n"), post_with("Content-Length\xc2\xa0: 5\r\n"),
                    "POST / HTTP/1.1\r\n Host: h\r\n\r\n"});
}

TEST(Head, RefusesRequestLinesThatAreNone) {
  const std::string host = "\r\nHost: h\r\n\r\n";
  expect_malformed({"GET /" + host, "GET" + host, "GET  / HTTP/1.1" + host, "GET /  HTTP/1.1" + host,
                    "GET /a b HTTP/1.1" + host, " GET / HTTP/1.1" + host, "GET / HTTP/1.1 " + host,
                    "GET\t/\tHTTP/1.1" + host, "G(T / HTTP/1.1" + host, "GET / http/1.1" + host,
                    "GET /\xc3\xa9 HTTP/1.1" + host, "GET /a#b HTTP/1.1" + host, "GET /a\x01 HTTP/1.1" + host,
                    "\x16\x03\x01\x02 / HTTP/1.1" + host, "GET / HTTP/1.1\nHost: h\r\n\r\n", "\r\n\r\n", ""});
}

TEST(Head, KnowsNoOtherVersions) {
  for (const std::string version : {"HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "HTTP/11", "HTTP/1.10", "HTTP/1"})
    EXPECT_EQ(verdict("GET / " + version + "\r\nHost: h\r\n\r\n"), Refusal::unsupported_version) << version;
  EXPECT_EQ(verdict("PRI * HTTP/2.0\r\n\r\n"), Refusal::unsupported_version);
}

TEST(Head, WantsOneHostThatIsOne) {
  expect_malformed({"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                    "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"});
  for (const std::string host : {"", "a b", "a/b", "a@b", "u:p@h", "h:", "h:http", "h:123456", "[::1", "[::1]x", "[]",
                                 "[::1]:", "a,b", "h:80:80", "\xc3\xa9", "%61", "a?b", "::1"})
    expect_malformed({"GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"});
}

TEST(Head, WantsOneOfWhatSaysWhoAsksAndWhat) {
  expect_malformed({post_with("Authorization: Bearer a\r\nauthorization: Bearer b\r\n"),
                    post_with("Content-Type: a/b\r\nContent-Type: a/c\r\n")});
}

TEST(Head, KnowsNoOtherExpectation) {
  EXPECT_EQ(verdict(post_with("Expect: a miracle\r\n")), Refusal::unknown_expectation);
}

TEST(Head, RefusesTooManyLinesAndTooManyBytes) {
  std::string lines;
  for (int i = 0; i < 9; ++i) lines += "X: a\r\n";
  EXPECT_EQ(verdict(post_with(lines)), std::nullopt);
  EXPECT_EQ(verdict(post_with(lines + "X: a\r\n")), Refusal::head_too_large);
  EXPECT_EQ(verdict(post_with("X: " + std::string(16 * 1024, 'a') + "\r\n")), Refusal::head_too_large);
}

TEST(HeadSearch, FindsTheEndHoweverTheBytesCome) {
  const std::string sent = "GET / HTTP/1.1\r\nHost: h\r\n\r\nGET /b";
  HeadSearch search;
  std::optional<std::size_t> size;
  std::size_t received = 0;
  while (!size) size = search.look(std::string_view(sent).substr(0, ++received), 1000);
  EXPECT_EQ(*size, sent.find("GET /b"));
  EXPECT_EQ(received, *size);
  EXPECT_EQ(HeadSearch().look(sent, 1000), size);
}

TEST(HeadSearch, DoesNotWaitForTheEndOfWhatIsNoHead) {
  for (const std::string& sent :
       {std::string("GET / HTTP/1.1\nHost: h\n\n"), std::string("\x16\x03\x01"), std::string("GET /\rX"),
        std::string("GET \0", 5), std::string("\n"), std::string("GET / HTTP/1.1\r\r\n")})
    EXPECT_THROW((void)HeadSearch().look(sent, 1000), Refused) << sent;
}

TEST(HeadSearch, EndsAtTheLimit) {
  EXPECT_EQ(HeadSearch().look(std::string(100, 'a'), 100), std::nullopt);
  EXPECT_THROW((void)HeadSearch().look(std::string(101, 'a'), 100), Refused);
}

}  // namespace
}  // namespace worker::http
