#include <string>

#include <gtest/gtest.h>

#include "tests/worker/http/raw_client.h"
#include "tests/worker/http/requests.h"
#include "tests/worker/http/running_server.h"

namespace worker::http {
namespace {

using test::host_line;
using test::RawClient;
using test::RunningServer;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Talking, AnswersRequestsOverOneConnectionInTheirOrder) {
  RunningServer server(test::echo);
  RawClient client(server.port());
  client.send("GET /a HTTP/1.1\r\n" + host_line + "\r\nPOST /b?c HTTP/1.1\r\n" + host_line +
              "Content-Length: 3\r\n\r\nxyz\r\nGET /d HTTP/1.1\r\n" + host_line + "\r\n");
  EXPECT_TRUE(client.read_response().ends_with("\r\n\r\nGET/a? "));
  EXPECT_TRUE(client.read_response().ends_with("\r\n\r\nPOST/b?c xyz"));
  EXPECT_TRUE(client.read_response().ends_with("\r\n\r\nGET/d? "));
  EXPECT_EQ(server.counts().accepted, 1U);
}

TEST(Talking, ReadsAHeadAndABodyThatComeByteByByte) {
  RunningServer server(test::echo);
  RawClient client(server.port());
  const std::string sent = "POST /a HTTP/1.1\r\n" + host_line +
                           "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
  for (const char byte : sent) client.send({byte});
  EXPECT_TRUE(client.read_response().ends_with("\r\n\r\nPOST/a? abc0123456789"));
}

TEST(Talking, LetsNoTrailerBecomeAField) {
  RunningServer server([](Request request) -> Awaitable<Response> {
    Response response;
    response.body = "<" + request.field("Authorization") + ">";
    co_return response;
  });
  RawClient client(server.port());
  client.send("POST /a HTTP/1.1\r\n" + host_line +
              "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nAuthorization: Bearer x\r\n\r\n");
  EXPECT_TRUE(client.read_response().ends_with("<>"));
}

TEST(Talking, SendsTheHeadAloneToWhoeverAsksForIt) {
  RunningServer server(test::echo);
  RawClient client(server.port());
  client.send("HEAD /a HTTP/1.1\r\n" + host_line + "\r\nGET /b HTTP/1.1\r\n" + host_line + "Connection: close\r\n\r\n");
  const std::string& both = client.read_all();
  EXPECT_TRUE(has(both, "Content-Length: 7\r\n\r\nHTTP/1.1 200 OK")) << both;
  EXPECT_TRUE(both.ends_with("GET/b? ")) << both;
}

TEST(Talking, HangsUpAfterAnAnswerToHttp10UnlessAskedToStay) {
  RunningServer server(test::echo);
  RawClient client(server.port());
  client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(has(client.read_response(), "Connection: keep-alive\r\n"));
  client.send("GET /b HTTP/1.0\r\n\r\n");
  const std::string& last = client.read_all();
  EXPECT_TRUE(has(last, "Connection: close\r\n")) << last;
  EXPECT_TRUE(last.ends_with("GET/b? "));
}

TEST(Talking, AsksForABodyThatWaitsToBeAskedFor) {
  RunningServer server(test::echo);
  RawClient client(server.port());
  client.send("POST /a HTTP/1.1\r\n" + host_line + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.read_response(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("xyz");
  EXPECT_TRUE(client.read_response().ends_with("POST/a? xyz"));
}

TEST(Talking, DoesNotAskForABodyThatIsTooLarge) {
  RunningServer server(test::echo);
  RawClient client(server.port());
  client.send("POST /a HTTP/1.1\r\n" + host_line + "Expect: 100-continue\r\nContent-Length: 1000001\r\n\r\n");
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 413 "));
}

TEST(Talking, SaysTheSameWithEveryResponse) {
  RunningServer server(test::echo);
  RawClient client(server.port());
  client.send("GET /a HTTP/1.1\r\n" + host_line + "\r\n");
  const std::string response = client.read_response();
  EXPECT_TRUE(has(response, "\r\nDate: ")) << response;
  EXPECT_TRUE(has(response, " GMT\r\n")) << response;
  EXPECT_TRUE(has(response, "\r\nX-Content-Type-Options: nosniff\r\n")) << response;
  EXPECT_TRUE(has(response, "\r\nCache-Control: no-store\r\n")) << response;
  EXPECT_FALSE(has(response, "\r\nServer:")) << response;
}

TEST(Talking, AnswersAHandlersFailureWithoutItsText) {
  RunningServer server([](Request) -> Awaitable<Response> {
    throw std::runtime_error("Ann Example has a secret");
    co_return Response();
  });
  RawClient client(server.port());
  client.send("GET /fhir/R4/a HTTP/1.1\r\n" + host_line + "\r\n");
  const std::string response = client.read_response();
  EXPECT_TRUE(response.starts_with("HTTP/1.1 500 ")) << response;
  EXPECT_TRUE(has(response, "OperationOutcome")) << response;
  EXPECT_FALSE(has(response, "Ann")) << response;
}

TEST(Talking, AnswersAFieldThatWouldBeTwoAsAFailure) {
  RunningServer server([](Request) -> Awaitable<Response> {
    Response response;
    response.fields = {{"Location", "a\r\nSet-Cookie: b"}};
    co_return response;
  });
  RawClient client(server.port());
  client.send("GET /a HTTP/1.1\r\n" + host_line + "\r\n");
  EXPECT_TRUE(client.read_response().starts_with("HTTP/1.1 500 "));
}

TEST(Talking, SendsALargeAnswerWhole) {
  const std::string large(5'000'000, 'x');
  RunningServer server([&](Request) -> Awaitable<Response> {
    Response response;
    response.body = large;
    co_return response;
  });
  RawClient client(server.port());
  client.send("GET /a HTTP/1.1\r\n" + host_line + "\r\n");
  EXPECT_TRUE(client.read_response().ends_with("\r\n\r\n" + large));
}

TEST(Talking, SaysWhoAsks) {
  RunningServer server([](Request request) -> Awaitable<Response> {
    Response response;
    response.body = request.peer + (request.from_here ? " here" : " elsewhere") + (request.over_tls ? " tls" : "");
    co_return response;
  });
  RawClient client(server.port());
  client.send("GET /a HTTP/1.1\r\nHost: localhost:1\r\n\r\nGET /a HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  RawClient old(server.port());
  old.send("GET /a HTTP/1.0\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(old.read_all().ends_with("127.0.0.1 elsewhere")) << "as a silent proxy of this machine asks";
  EXPECT_TRUE(client.read_response().ends_with("127.0.0.1 here"));
  EXPECT_TRUE(client.read_response().ends_with("127.0.0.1 elsewhere"));
}

}  // namespace
}  // namespace worker::http
