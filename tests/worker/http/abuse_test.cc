#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worker/http/raw_client.h"
#include "tests/worker/http/requests.h"
#include "tests/worker/http/running_server.h"

namespace worker::http {
namespace {

using test::host_line;
using test::RawClient;
using test::RunningServer;

/// What the server says to those bytes, and to a request hidden behind them, until it hangs up.
std::string answer_to_bytes(const RunningServer& server, const std::string& bytes) {
  RawClient client(server.port());
  client.send(bytes + "GET /smuggled HTTP/1.1\r\n" + host_line + "\r\n");
  return client.read_all();
}

std::string post_with(const std::string& lines, const std::string& body) {
  return "POST /fhir/R4/a HTTP/1.1\r\n" + host_line + lines + "\r\n" + body;
}

bool is_refused(const std::string& answer, const std::string& status) {
  const bool first = answer.starts_with("HTTP/1.1 " + status + " ");
  // The body of a refusal ends in a brace or a line end.
  const bool only = answer.find("}HTTP/1.1 ") == std::string::npos && answer.find("\nHTTP/1.1 ") == std::string::npos &&
                    answer.find("smuggled") == std::string::npos;
  return first && only && answer.find("Connection: close\r\n") != std::string::npos;
}

/// Each is refused once, and nothing behind it is read as a request.
void expect_refused(const std::string& status, const std::vector<std::string>& requests) {
  RunningServer server([](Request) -> Awaitable<Response> {
    ADD_FAILURE() << "a refused request has reached the handler";
    co_return Response();
  });
  for (const std::string& bytes : requests) {
    const std::string answer = answer_to_bytes(server, bytes);
    EXPECT_TRUE(is_refused(answer, status)) << bytes << "\n-> " << answer;
  }
}

TEST(Abuse, SmugglesNoRequestInABodyOfTwoLengths) {
  expect_refused("400", {post_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                         post_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
                         post_with("Content-Length: 5\r\nContent-Length: 0\r\n", "hello"),
                         post_with("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
                         post_with("Transfer-Encoding: Chunked\r\n", "0\r\n\r\n"),
                         post_with("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
                         post_with("X: a\r\n Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                         post_with("X: a\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                         post_with("Content-Length: +5\r\n", "hello"), post_with("Content-Length: 0x5\r\n", "hello"),
                         "POST /a HTTP/1.0\r\n" + host_line + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"});
}

TEST(Abuse, SmugglesNoRequestInChunks) {
  const auto chunked = [](const std::string& chunks) { return post_with("Transfer-Encoding: chunked\r\n", chunks); };
  expect_refused("400",
                 {chunked("x\r\n"), chunked("\r\n"), chunked("-1\r\na\r\n"), chunked("+1\r\na\r\n0\r\n\r\n"),
                  chunked("0x1\r\na\r\n0\r\n\r\n"), chunked(" 1\r\na\r\n0\r\n\r\n"), chunked("1 \r\na\r\n0\r\n\r\n"),
                  chunked("1;a=b\r\na\r\n0\r\n\r\n"), chunked("1;\r\na\r\n0\r\n\r\n"), chunked("1\na\n0\n\n"),
                  chunked("1\r\nab\r\n0\r\n\r\n"), chunked("1\r\na0\r\n\r\n"), chunked("1\r\na\n0\r\n\r\n"),
                  chunked("10000000000000001\r\na\r\n0\r\n\r\n"), chunked("1\r\na\r\n0;a\r\n\r\n"),
                  chunked("0\r\nno name\r\n\r\n"), chunked("0\r\n a: b\r\n\r\n"), chunked(std::string(20'000, '0')),
                  chunked("0\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n")});
}

TEST(Abuse, ReachesNothingByPathsThatReadInTwoWays) {
  std::vector<std::string> requests;
  for (const std::string path : {"/fhir/R4/../../metrics", "/fhir/R4/%2e%2e/x", "/a%2fb", "/a%5cb", "/a%00", "//a",
                                 "/a\\b", "/%ff", "http://other/a", "*", "localhost:80"})
    requests.push_back("GET " + path + " HTTP/1.1\r\n" + host_line + "\r\n");
  expect_refused("400", requests);
}

TEST(Abuse, IsToldWhyItsHeadIsRefused) {
  expect_refused("400", {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                         std::string("GET / HTTP/1.1\r\nHost: a\0\r\n\r\n", 28), "\x16\x03\x01\x02\x01\x01",
                         "CONNECT localhost:80 HTTP/1.1\r\n" + host_line + "\r\n"});
  expect_refused("431", {"GET /" + std::string(17'000, 'a') + " HTTP/1.1\r\n" + host_line + "\r\n",
                         "GET / HTTP/1.1\r\n" + host_line + "X: " + std::string(17'000, 'a') + "\r\n\r\n"});
  expect_refused("505", {"GET / HTTP/2.0\r\n" + host_line + "\r\n"});
  expect_refused("417", {"GET / HTTP/1.1\r\n" + host_line + "Expect: x\r\n\r\n"});
}

TEST(Abuse, IsToldThatItsBodyIsTooLargeThoughItIsStillSending) {
  RunningServer server(test::echo);
  RawClient client(server.port());
  EXPECT_TRUE(client.send(post_with("Content-Length: 8000000\r\n", std::string(8'000'000, 'x'))))
      << "cut off before it could read why";
  const std::string& answer = client.read_all();
  EXPECT_TRUE(is_refused(answer, "413")) << answer;
  EXPECT_NE(answer.find(R"("id":"content-too-large")"), std::string::npos) << answer;
}

TEST(Abuse, IsRefusedWhenItsChunksBecomeTooLarge) {
  Limits limits;
  limits.body = 1000;
  RunningServer server(test::echo, limits);
  RawClient client(server.port());
  client.send(post_with("Transfer-Encoding: chunked\r\n", ""));
  for (int i = 0; i < 20; ++i) client.send("64\r\n" + std::string(100, 'x') + "\r\n");
  EXPECT_TRUE(is_refused(client.read_all(), "413"));
}

TEST(Abuse, IsRefusedWhenAllBodiesTogetherBecomeTooLarge) {
  Limits limits;
  limits.bodies = 1000;
  RunningServer server(test::echo, limits);
  RawClient first(server.port());
  first.send(post_with("Content-Length: 1000\r\n", std::string(900, 'x')));
  EXPECT_TRUE(server.until([](const ServerCounts& counts) { return counts.bytes_received > 900; }));
  RawClient second(server.port());
  second.send(post_with("Content-Length: 200\r\n", std::string(200, 'x')));
  EXPECT_TRUE(is_refused(second.read_all(), "503"));
  first.send(std::string(100, 'x'));
  EXPECT_TRUE(first.read_response().starts_with("HTTP/1.1 200 "));
  RawClient third(server.port());
  third.send(post_with("Content-Length: 200\r\n", std::string(200, 'x')));
  EXPECT_TRUE(third.read_response().starts_with("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace worker::http
