// Rudeness on the wire, and what becomes of the connections.

#include <boost/asio/co_spawn.hpp>

#include "client_fixture.h"
#include "fhir/http_pool.h"
#include "fhir/keep_alive.h"

namespace {

using namespace test;

class ConnectionTest : public ClientTest {
 protected:
  ConnectionTest() { settings.client_id.clear(); }  // every connection is FHIR's

  static Reply raw(std::string bytes, Reply::Then then = Reply::Then::keep) {
    Reply answer;
    answer.bytes = std::move(bytes);
    answer.then = then;
    return answer;
  }
};

TEST_F(ConnectionTest, ResendsOnceOnAFreshOneWhenAKeptOneIsDead) {
  policy.patience = std::chrono::milliseconds(0);  // no retry could do it
  get("Patient/1");
  medplum.fhir.push_back(raw("", Reply::Then::reset));
  EXPECT_EQ(get("Patient/2").status, 200U);
  EXPECT_EQ(server.connections(), 2U);
  EXPECT_EQ(fhir_requests().size(), 3U);
}

TEST_F(ConnectionTest, TakesNoKeptOneThatTheServerHasClosed) {
  get("Patient/1");
  server.cut_idle();
  get("Patient/2");
  EXPECT_EQ(server.connections(), 2U);
  EXPECT_EQ(fhir_requests().size(), 2U);
}

TEST_F(ConnectionTest, LetsNoneBeIdleForAsLongAsAServerOfNodeKeepsIt) {
  get("Patient/1");
  const auto begin = fhir::Clock::now();
  while (server.open_connections() > 0 && fhir::Clock::now() - begin < std::chrono::seconds(20)) io.run_one();
  EXPECT_EQ(server.open_connections(), 0U);
  EXPECT_LT(fhir::Clock::now() - begin, std::chrono::seconds(5));
}

TEST_F(ConnectionTest, TakesALastLookOnceConnectedAndSendsNothingIfThatThrows) {
  fhir::HttpRequest request;
  request.target = "/";
  const auto exchange_with = [&](const std::string& url, const fhir::LastLook& last_look) {
    fhir::HttpPool pool(io.get_executor(), fhir::parse_url(url)->origin, settings);
    run(io, pool.exchange(request, last_look));
  };
  EXPECT_THROW(exchange_with(server.url(), [] { throw fhir::Stopped(); }), fhir::Stopped);
  server.stop();
  EXPECT_THROW(exchange_with(server.url(), [] { ADD_FAILURE() << "not connected"; }), fhir::TransportError);
  EXPECT_TRUE(server.received().empty());
}

TEST_F(ConnectionTest, RetriesAResetOfAFreshOne) {
  medplum.fhir.push_back(raw("", Reply::Then::reset));
  medplum.fhir.push_back(raw("HTTP/1.1 200 OK\r\nContent-Le", Reply::Then::reset));
  EXPECT_EQ(get("Patient/1").status, 200U);
  EXPECT_EQ(fhir_requests().size(), 3U);
}

TEST_F(ConnectionTest, RetriesABodyThatIsCutShort) {
  medplum.fhir.push_back(raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":", Reply::Then::close));
  medplum.fhir.push_back(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"hal", Reply::Then::close));
  EXPECT_EQ(get("Patient/1").body, "{}");
}

TEST_F(ConnectionTest, ReadsChunksAndInterimAnswers) {
  medplum.fhir.push_back(
      raw("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          "3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n"));
  EXPECT_EQ(get("Patient/1").body, "{\"a\":1}");
}

TEST_F(ConnectionTest, ReadsToTheEndWithoutALengthAndThenDropsIt) {
  medplum.fhir.push_back(raw("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}", Reply::Then::close));
  EXPECT_EQ(get("Patient/1").body, "{\"a\":1}");
  get("Patient/1");
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(ConnectionTest, KeepsNoneThatTheServerWantsClosed) {
  medplum.usual = reply(200, "{}", {{"Connection", "close"}});
  get("Patient/1");
  get("Patient/1");
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(ConnectionTest, KeepsNoneAfterAnAnswerOfHttp10UnlessItSaysSo) {
  medplum.fhir = {raw("HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}"),
                  raw("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 7\r\n\r\n{\"a\":2}")};
  EXPECT_EQ(get("Patient/1").body, "{\"a\":1}");
  EXPECT_EQ(get("Patient/1").body, "{\"a\":2}");
  get("Patient/1");
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(ConnectionTest, IsAtWorkWithAServerThatClosesAfterEachAnswerWithoutSayingSo) {
  policy.patience = std::chrono::milliseconds(0);  // no retry could do it
  medplum.usual.then = Reply::Then::close;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(patch("Observation/1").status, 200U);
  EXPECT_EQ(fhir_requests().size(), 10U);
}

TEST_F(ConnectionTest, ClosesIdleOnesBeforeTheServerSaysThatItWill) {
  medplum.usual = reply(200, "{}", {{"Keep-Alive", "timeout=1, max=100"}});
  get("Patient/1");
  const auto begin = fhir::Clock::now();
  while (server.open_connections() > 0 && fhir::Clock::now() - begin < std::chrono::seconds(20)) io.run_one();
  EXPECT_EQ(server.open_connections(), 0U);
  EXPECT_LT(fhir::Clock::now() - begin, std::chrono::seconds(1));
}

TEST_F(ConnectionTest, ClosesEachIdleOneAtItsOwnTime) {
  auto held = reply(200);
  held.held = true;
  medplum.fhir = {held, reply(200, "{}", {{"Keep-Alive", "timeout=1"}})};
  int over = 0;
  const auto count = [&](const std::exception_ptr&, const fhir::Response&) { ++over; };
  for (int i = 0; i < 2; ++i) boost::asio::co_spawn(io.get_executor(), client().send(get_of("Patient/1"), stop), count);
  while (over < 1) io.run_one();
  server.release();
  while (over < 2) io.run_one();
  ASSERT_EQ(server.open_connections(), 2U);
  while (server.open_connections() > 1) io.run_one();
  get("Patient/2");
  EXPECT_EQ(server.connections(), 2U) << "the other one is still good";
}

TEST(KeepAlive, IsFourSecondsOrThreeQuartersOfWhatTheServerSays) {
  using namespace std::chrono_literals;
  const std::vector<std::pair<std::string, fhir::Clock::duration>> cases = {{"timeout=5", 3750ms},
                                                                            {"max=7, timeout=2", 1500ms},
                                                                            {"timeout=72", 4s},
                                                                            {"timeout=0", 0s},
                                                                            {"timeout=5;max=7", 3750ms},
                                                                            {"timeout=", 4s},
                                                                            {"timeout=soon", 4s},
                                                                            {"timeout=-1", 4s},
                                                                            {"timeout=99999999999", 4s},
                                                                            {"max=100", 4s},
                                                                            {"", 4s}};
  for (const auto& [said, time] : cases) {
    fhir::HttpFields answer;
    answer.add("keep-alive", said);
    EXPECT_EQ(fhir::longest_idle(answer), time) << said;
  }
}

TEST_F(ConnectionTest, TakesNothingUnaskedForAnAnswer) {
  auto twice = reply(200, "{\"a\":1}");
  twice.bytes += reply(200, "{\"forged\":true}").bytes;
  medplum.fhir.push_back(twice);
  EXPECT_EQ(get("Patient/1").body, "{\"a\":1}");
  EXPECT_EQ(get("Patient/2").body, "{}");
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(ConnectionTest, TakesNothingSaidBetweenRequestsForAnAnswer) {
  get("Patient/1");
  server.say_unasked(reply(200, "{\"forged\":true}").bytes);
  EXPECT_EQ(get("Patient/2").body, "{}");
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(ConnectionTest, RetriesWhatIsNoHttp) {
  medplum.fhir.push_back(raw("SSH-2.0-OpenSSH_9.2\r\n\r\n", Reply::Then::close));
  medplum.fhir.push_back(raw("HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n", Reply::Then::close));
  EXPECT_EQ(get("Patient/1").status, 200U);
}

TEST_F(ConnectionTest, RefusesEndlessHeaders) {
  const std::string endless(100'000, 'x');
  medplum.fhir.push_back(raw("HTTP/1.1 200 OK\r\nX: " + endless + "\r\n\r\n", Reply::Then::close));
  EXPECT_EQ(get("Patient/1").status, 200U) << "the second answer";
  EXPECT_EQ(fhir_requests().size(), 2U);
}

TEST_F(ConnectionTest, TimesOutOnASlowDrip) {
  settings.request_timeout = std::chrono::milliseconds(100);
  auto slow = reply(200, std::string(1000, 'x'));
  slow.dripping = std::chrono::milliseconds(10);
  medplum.fhir.push_back(slow);
  EXPECT_EQ(get("Patient/1").body, "{}");
  EXPECT_EQ(server.connections(), 2U) << "the first one is not used again";
}

TEST_F(ConnectionTest, TimesOutWithoutAnAnswerAndTriesAgain) {
  settings.request_timeout = std::chrono::milliseconds(50);
  auto never = reply(200);
  never.held = true;
  medplum.fhir.push_back(never);
  EXPECT_EQ(patch("Observation/1").status, 200U);
}

TEST_F(ConnectionTest, FindsTheServerByNameOnWhicheverAddressItIs) {
  settings.url = "http://localhost:" + std::to_string(server.port()) + "/fhir/R4";
  EXPECT_EQ(get("Patient/1").status, 200U);
}

TEST_F(ConnectionTest, SaysThatANameIsUnknown) {
  settings.url = "http://no-such-host.invalid/fhir/R4";
  const auto why = sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); });
  EXPECT_NE(why.find("no answer from http://no-such-host.invalid: no-such-host.invalid: "), std::string::npos) << why;
}

TEST_F(ConnectionTest, SendsNoHeaderLinesOfOthers) {
  for (const std::string bad : {"1\r\nX-Evil: 1", "1\n", "1\"", "1\x7f"}) {
    auto request = patch_of("Observation/1");
    request.if_match = bad;
    EXPECT_THROW(send(request), fhir::RequestFailed);
    request = get_of("Patient/1");
    request.traceparent = bad == "1\"" ? "\r" : bad;
    EXPECT_THROW(send(request), fhir::RequestFailed);
  }
  for (const std::string path : {"Patient/1 HTTP/1.1\r\nX-Evil: 1", "../auth/me", "/etc", "Patient/1\n"}) {
    EXPECT_THROW(get(path), fhir::RequestFailed) << path;
    EXPECT_THROW(patch(path), fhir::RequestFailed) << path;
  }
  EXPECT_TRUE(fhir_requests().empty());
}

}  // namespace
