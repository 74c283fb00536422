#include <memory>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include "fhir/stop.h"
#include "tests/worker/http/raw_client.h"
#include "tests/worker/http/requests.h"
#include "tests/worker/http/running_server.h"
#include "worker/http/route.h"

namespace worker::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::get;
using test::host_line;
using test::RawClient;
using test::RunningServer;

/// Answers about health at once and nothing else before it is cancelled.
Handler never(bool& cancelled) {
  return [&cancelled](Request request) -> Awaitable<Response> {
    Response response;
    if (route_of(request.path) == Route::health) co_return response;
    const auto executor = co_await boost::asio::this_coro::executor;
    fhir::Timer timer(executor, fhir::Clock::time_point::max());
    try {
      co_await timer.async_wait(fhir::use_awaitable);
    } catch (const boost::system::system_error&) {
      cancelled = true;
      throw;
    }
    co_return response;
  };
}

std::size_t refused(const ServerCounts& counts, Refusal why) {
  return counts.refused[static_cast<std::size_t>(why)];
}

TEST(Limits, GiveAHeadItsTime) {
  Limits limits;
  limits.head_time = milliseconds(100);
  RunningServer server(test::echo, limits);
  RawClient slow(server.port());
  slow.send("GET /fhir/R4/a HTTP/1.1\r\nX");
  const std::string& answer = slow.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
  EXPECT_NE(answer.find("OperationOutcome"), std::string::npos) << answer;
  EXPECT_EQ(refused(server.counts(), Refusal::too_slow), 1U);
}

TEST(Limits, GiveABodyItsTime) {
  Limits limits;
  limits.body_time = milliseconds(100);
  RunningServer server(test::echo, limits);
  RawClient slow(server.port());
  slow.send("POST /a HTTP/1.1\r\n" + host_line + "Content-Length: 10\r\n\r\nabc");
  EXPECT_TRUE(slow.read_all().starts_with("HTTP/1.1 408 "));
}

TEST(Limits, HangUpOnWhoeverSaysNothing) {
  Limits limits;
  limits.head_time = milliseconds(100);
  limits.idle_time = milliseconds(50);
  RunningServer server(test::echo, limits);
  RawClient silent(server.port());
  EXPECT_TRUE(silent.is_hung_up());
  RawClient idle(server.port());
  idle.send(get("/a"));
  idle.read_response();
  EXPECT_TRUE(idle.is_hung_up());
}

TEST(Limits, HangUpOnWhoeverDoesNotTakeItsAnswer) {
  Limits limits;
  limits.write_time = milliseconds(200);
  RunningServer server(
      [](Request) -> Awaitable<Response> {
        Response response;
        response.body = std::string(50'000'000, 'x');
        co_return response;
      },
      limits);
  RawClient slow(server.port());
  slow.receive_slowly();
  slow.send(get("/a"));
  EXPECT_TRUE(server.until([](const ServerCounts& counts) { return counts.accepted == 1 && counts.open == 0; }));
  EXPECT_LT(server.counts().bytes_sent, 50'000'000U);
}

TEST(Limits, KeepWhoeverWaitsAndLetTheOthersBeAskedAboutHealth) {
  Limits limits;
  limits.requests = 2;
  bool cancelled = false;
  RunningServer server(never(cancelled), limits);
  RawClient one(server.port());
  RawClient two(server.port());
  one.send(get("/a"));
  two.send(get("/a"));
  EXPECT_TRUE(server.until([](const ServerCounts& counts) { return counts.in_flight == 2; }));
  RawClient three(server.port());
  three.send(get("/fhir/R4/a"));
  const std::string answer = three.read_response();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
  EXPECT_NE(answer.find("Retry-After: 1\r\n"), std::string::npos) << answer;
  three.send(get("/healthz"));
  EXPECT_TRUE(three.read_response().starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(refused(server.counts(), Refusal::busy), 1U);
}

TEST(Limits, CancelTheWorkForAClientThatHungUp) {
  bool cancelled = false;
  RunningServer server(never(cancelled));
  {
    RawClient client(server.port());
    client.send(get("/a") + get("/b"));
    EXPECT_TRUE(server.until([](const ServerCounts& counts) { return counts.in_flight == 1; }));
  }
  EXPECT_TRUE(server.until([](const ServerCounts& counts) { return counts.open == 0; }));
  server.run([&] { EXPECT_TRUE(cancelled); });
  EXPECT_EQ(server.counts().in_flight, 0U);
}

TEST(Limits, TakeARoomFromTheOneQuietLongest) {
  Limits limits;
  limits.connections = 3;
  limits.head_time = std::chrono::minutes(1);
  bool cancelled = false;
  RunningServer server(never(cancelled), limits);
  RawClient busy(server.port());
  busy.send(get("/a"));
  EXPECT_TRUE(server.until([](const ServerCounts& counts) { return counts.in_flight == 1; }));
  RawClient older(server.port());
  RawClient newer(server.port());
  newer.send(get("/healthz"));
  newer.read_response();
  RawClient newest(server.port());
  newest.send(get("/healthz"));
  EXPECT_TRUE(newest.read_response().starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(older.is_hung_up());
  newer.send(get("/healthz"));
  EXPECT_TRUE(newer.read_response().starts_with("HTTP/1.1 200 "));
}

TEST(Limits, TurnAwayWhoeverComesWhenAllAreBusy) {
  Limits limits;
  limits.connections = 1;
  bool cancelled = false;
  RunningServer server(never(cancelled), limits);
  RawClient busy(server.port());
  busy.send(get("/a"));
  EXPECT_TRUE(server.until([](const ServerCounts& counts) { return counts.in_flight == 1; }));
  RawClient next(server.port());
  EXPECT_TRUE(next.read_all().starts_with("HTTP/1.1 503 "));
  EXPECT_EQ(server.counts().turned_away[static_cast<std::size_t>(Turned::too_many)], 1U);
}

TEST(Limits, LetNoAddressHaveAllConnections) {
  Limits limits;
  limits.connections_of_peer = 2;
  RunningServer server(test::echo, limits);
  auto one = std::make_unique<RawClient>(server.port());
  RawClient two(server.port());
  RawClient three(server.port());
  EXPECT_TRUE(three.read_all().starts_with("HTTP/1.1 503 "));
  one.reset();
  EXPECT_TRUE(server.until([](const ServerCounts& counts) { return counts.open == 1; }));
  RawClient four(server.port());
  four.send(get("/a"));
  EXPECT_TRUE(four.read_response().starts_with("HTTP/1.1 200 "));
}

TEST(Limits, HoldTheRateOfACallerButNotOfHealth) {
  config::Http settings;
  settings.caller_rate = 2;
  RunningServer server(test::echo, {}, settings);
  RawClient client(server.port());
  for (int i = 0; i < 2; ++i) {
    client.send(get("/fhir/R4/a"));
    EXPECT_TRUE(client.read_response().starts_with("HTTP/1.1 200 "));
  }
  client.send(get("/fhir/R4/a"));
  const std::string answer = client.read_response();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 429 ")) << answer;
  EXPECT_NE(answer.find("RateLimit: \"requests\";r=0;t="), std::string::npos) << answer;
  EXPECT_NE(answer.find("too-many-requests"), std::string::npos) << answer;
  for (const std::string path : {"/healthz", "/readyz", "/metrics"}) {
    client.send(get(path));
    EXPECT_TRUE(client.read_response().starts_with("HTTP/1.1 200 ")) << path;
  }
}

TEST(Limits, RefuseACallersBodyBeforeItIsRead) {
  config::Http settings;
  settings.caller_rate = 1;
  RunningServer server(test::echo, {}, settings);
  RawClient client(server.port());
  client.send(get("/a") + "POST /a HTTP/1.1\r\n" + host_line + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  client.read_response();
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 429 "));
}

}  // namespace
}  // namespace worker::http
