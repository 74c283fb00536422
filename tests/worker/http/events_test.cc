#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "fhir/stop.h"
#include "tests/worker/http/raw_client.h"
#include "tests/worker/http/requests.h"
#include "tests/worker/http/running_server.h"

namespace worker::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::get;
using test::RawClient;
using test::RunningServer;

Awaitable<void> wait_for_ever() {
  const auto executor = co_await boost::asio::this_coro::executor;
  fhir::Timer timer(executor, fhir::Clock::time_point::max());
  co_await timer.async_wait(fhir::use_awaitable);
}

/// /two sends two events; everything else sends one and then waits.
Awaitable<Response> events(Request request) {
  Response response;
  response.content_type = "text/event-stream";
  const bool ends = request.path.front() == "two";
  response.events = [ends](EventSink& sink) -> Awaitable<void> {
    co_await sink.send("data: 1\n\n");
    if (!ends) co_await wait_for_ever();
    co_await sink.send("data: 2\n\n");
  };
  co_return response;
}

TEST(Events, AreSentInChunksAndTheConnectionStays) {
  RunningServer server(events);
  RawClient client(server.port());
  client.send(get("/two"));
  const std::string& received = client.read_until("0\r\n\r\n");
  EXPECT_NE(received.find("Transfer-Encoding: chunked\r\n"), std::string::npos) << received;
  EXPECT_TRUE(received.ends_with("\r\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n")) << received;
  client.send(get("/two"));
  client.read_until("0\r\n\r\nHTTP/1.1 200 OK\r\n");
  EXPECT_EQ(server.counts().accepted, 1U);
}

TEST(Events, EndWithTheConnectionForHttp10) {
  RunningServer server(events);
  RawClient client(server.port());
  client.send("GET /two HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(client.read_all().ends_with("\r\n\r\ndata: 1\n\ndata: 2\n\n"));
}

TEST(Events, AreNotSentToWhoeverAsksForTheHead) {
  RunningServer server(events);
  RawClient client(server.port());
  client.send("HEAD /two HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.read_all().ends_with("\r\n\r\n"));
}

TEST(Events, EndWhenTheirClientHangsUp) {
  RunningServer server(events);
  {
    RawClient client(server.port());
    client.send(get("/one"));
    client.read_until("data: 1");
    EXPECT_EQ(server.counts().event_streams, 1U);
  }
  EXPECT_TRUE(server.until([](const ServerCounts& counts) { return counts.event_streams == 0; }));
}

TEST(Events, AreOpenForSoManyOnly) {
  Limits limits;
  limits.event_streams = 1;
  RunningServer server(events, limits);
  RawClient one(server.port());
  one.send(get("/one"));
  one.read_until("data: 1");
  RawClient two(server.port());
  two.send(get("/one"));
  EXPECT_TRUE(two.read_response().starts_with("HTTP/1.1 503 "));
}

TEST(Finishing, EndsEventsWholeAndHangsUpOnTheIdle) {
  RunningServer server(events);
  RawClient watching(server.port());
  RawClient idle(server.port());
  watching.send(get("/one"));
  watching.read_until("data: 1");
  EXPECT_TRUE(server.until([](const ServerCounts& counts) { return counts.open == 2; }));
  auto finished = server.finish(seconds(10));
  EXPECT_TRUE(idle.is_hung_up());
  EXPECT_TRUE(watching.read_all().ends_with("data: 1\n\n\r\n0\r\n\r\n"));
  EXPECT_EQ(finished.wait_for(seconds(10)), std::future_status::ready);
  EXPECT_THROW(RawClient(server.port()), std::runtime_error);
}

TEST(Finishing, LetsAnAnswerThatWasBegunGo) {
  auto answer = std::make_shared<fhir::Timer*>();
  RunningServer server([answer](Request) -> Awaitable<Response> {
    const auto executor = co_await boost::asio::this_coro::executor;
    fhir::Timer timer(executor, fhir::Clock::time_point::max());
    *answer = &timer;
    boost::system::error_code told;
    co_await timer.async_wait(boost::asio::redirect_error(fhir::use_awaitable, told));
    co_return Response();
  });
  RawClient client(server.port());
  client.send(get("/a") + get("/b"));
  EXPECT_TRUE(server.until([](const ServerCounts& counts) { return counts.in_flight == 1; }));
  auto finished = server.finish(seconds(20));
  server.run([&] { (*answer)->cancel(); });
  const std::string& all = client.read_all();
  EXPECT_TRUE(all.starts_with("HTTP/1.1 200 ")) << all;
  EXPECT_NE(all.find("Connection: close\r\n"), std::string::npos) << all;
  EXPECT_EQ(all.find("HTTP/1.1 ", 1), std::string::npos) << all;
  EXPECT_EQ(finished.wait_for(seconds(10)), std::future_status::ready);
}

TEST(Finishing, WaitsForNobodyLongerThanItsLimit) {
  RunningServer server([](Request) -> Awaitable<Response> {
    co_await wait_for_ever();
    co_return Response();
  });
  RawClient client(server.port());
  client.send(get("/a"));
  EXPECT_TRUE(server.until([](const ServerCounts& counts) { return counts.in_flight == 1; }));
  EXPECT_EQ(server.finish(milliseconds(50)).wait_for(seconds(10)), std::future_status::ready);
}

}  // namespace
}  // namespace worker::http
