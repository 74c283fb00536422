// Stops, cancellations, and how many requests are under way for whom.

#include <algorithm>
#include <map>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "client_fixture.h"

namespace {

using namespace test;

class InFlightTest : public ClientTest {
 protected:
  /// How a request that was started has ended.
  struct Ending {
    bool over = false;
    std::exception_ptr error;
    fhir::Response response;
    std::unique_ptr<boost::asio::cancellation_signal> cancel = std::make_unique<boost::asio::cancellation_signal>();

    template <class Error>
    bool is() const {
      try {
        if (error) std::rethrow_exception(error);
      } catch (const Error&) {
        return true;
      } catch (const std::exception&) {
        return false;
      }
      return false;
    }
  };

  void start(fhir::Request request, Ending& ending) {
    boost::asio::co_spawn(
        io.get_executor(), client().send(std::move(request), stop),
        boost::asio::bind_cancellation_slot(ending.cancel->slot(),
                                            [&ending](const std::exception_ptr& error, fhir::Response response) {
                                              ending.over = true;
                                              ending.error = error;
                                              ending.response = std::move(response);
                                            }));
  }
  void until(const std::function<bool()>& state) {
    const auto end = fhir::Clock::now() + std::chrono::seconds(20);
    io.restart();
    while (!state()) {
      ASSERT_LT(fhir::Clock::now(), end) << "the state never came";
      io.run_one_for(std::chrono::milliseconds(100));
    }
  }
  Reply held() const {
    auto answer = medplum.usual;
    answer.held = true;
    return answer;
  }
};

TEST_F(InFlightTest, StartsNothingWhenStoppedBefore) {
  stop.request();
  EXPECT_THROW(get("Patient/1"), fhir::Stopped);
  EXPECT_THROW(patch("Observation/1"), fhir::Stopped);
  EXPECT_TRUE(server.received().empty());
}

TEST_F(InFlightTest, GivesUpAGetWhenStopped) {
  medplum.fhir.push_back(held());
  Ending ending;
  start(get_of("Patient/1"), ending);
  until([&] { return server.holding() == 1; });
  stop.request();
  until([&] { return ending.over; });
  EXPECT_TRUE(ending.is<fhir::Stopped>());
}

TEST_F(InFlightTest, LetsAPatchInFlightEndWhenStopped) {
  medplum.fhir.push_back(held());
  Ending ending;
  start(patch_of("Observation/1"), ending);
  until([&] { return server.holding() == 1; });
  stop.request();
  server.release();
  until([&] { return ending.over; });
  EXPECT_FALSE(ending.error);
  EXPECT_EQ(ending.response.status, 200U);
}

TEST_F(InFlightTest, DoesNotRetryAPatchWhenStopped) {
  auto failing = reply(503);
  failing.held = true;
  medplum.fhir.push_back(failing);
  Ending ending;
  start(patch_of("Observation/1"), ending);
  until([&] { return server.holding() == 1; });
  stop.request();
  server.release();
  until([&] { return ending.over; });
  EXPECT_TRUE(ending.is<fhir::Stopped>());
  EXPECT_EQ(fhir_requests().size(), 1U);
}

TEST_F(InFlightTest, DoesNotResendAPatchOnAFreshConnectionWhenStopped) {
  patch("Observation/1");
  Reply dead;
  dead.then = Reply::Then::reset;
  dead.held = true;
  medplum.fhir.push_back(dead);
  Ending ending;
  start(patch_of("Observation/2"), ending);
  until([&] { return server.holding() == 1; });
  stop.ends_at(fhir::Clock::now());
  server.release();
  until([&] { return ending.over; });
  EXPECT_TRUE(ending.is<fhir::Stopped>());
  EXPECT_EQ(fhir_requests().size(), 2U);
  EXPECT_FALSE(stop.abandoned_a_write()) << "the connection that carried it is over";
}

TEST_F(InFlightTest, EndsThePauseBeforeARetryWhenStopped) {
  policy.base = policy.cap = std::chrono::hours(1);
  medplum.fhir.push_back(reply(503));
  Ending ending;
  start(patch_of("Observation/1"), ending);
  until([&] { return fhir_requests().size() == 1 && client().gauges().in_flight == 0; });
  stop.request();
  until([&] { return ending.over; });
  EXPECT_TRUE(ending.is<fhir::Stopped>());
}

TEST_F(InFlightTest, EndsTheWaitForAPermitWhenStopped) {
  settings.concurrency = 1;
  medplum.fhir.push_back(held());
  Ending holds, waits;
  start(patch_of("Observation/1"), holds);
  until([&] { return server.holding() == 1; });
  start(patch_of("Observation/2"), waits);
  stop.request();
  until([&] { return waits.over; });
  EXPECT_TRUE(waits.is<fhir::Stopped>());
  EXPECT_FALSE(holds.over);
  server.release();
  until([&] { return holds.over; });
  EXPECT_EQ(holds.response.status, 200U);
}

TEST_F(InFlightTest, EndsTheWaitForTheQuotaWhenStopped) {
  medplum.fhir.push_back(reply(200, "{}", {{"RateLimit", R"("fhirInteractions";r=50;t=60)"}}));
  get("Patient/1");
  Ending ending;
  start(patch_of("Observation/1"), ending);
  io.restart();
  io.poll();
  stop.request();
  until([&] { return ending.over; });
  EXPECT_TRUE(ending.is<fhir::Stopped>());
  EXPECT_EQ(fhir_requests().size(), 1U);
}

TEST_F(InFlightTest, EndsTheWaitForATokenWhenStopped) {
  medplum.tokens.push_back(held());
  Ending ending;
  start(patch_of("Observation/1"), ending);
  until([&] { return server.holding() == 1; });
  stop.request();
  until([&] { return ending.over; });
  EXPECT_TRUE(ending.is<fhir::Stopped>());
}

TEST_F(InFlightTest, LeavesTheTokenToTheNextWhenTheOneWhoAskedIsCancelled) {
  medplum.tokens.push_back(held());
  Ending asks, waits;
  start(get_of("Patient/1"), asks);
  until([&] { return server.holding() == 1; });
  start(get_of("Patient/2"), waits);
  asks.cancel->emit(boost::asio::cancellation_type::terminal);
  until([&] { return asks.over && waits.over; });
  EXPECT_TRUE(asks.error);
  EXPECT_EQ(waits.response.status, 200U);
}

TEST_F(InFlightTest, CancellationClosesTheConnectionAndFreesThePermit) {
  settings.concurrency = 1;
  medplum.fhir.push_back(held());
  Ending ending;
  start(patch_of("Observation/1"), ending);
  until([&] { return server.holding() == 1; });
  const auto open = server.open_connections();
  ending.cancel->emit(boost::asio::cancellation_type::terminal);
  until([&] { return ending.over; });
  EXPECT_TRUE(ending.error);
  EXPECT_EQ(client().gauges().in_flight, 0U);
  server.release();
  until([&] { return server.open_connections() < open; });
  EXPECT_EQ(patch("Observation/2").status, 200U);
}

TEST_F(InFlightTest, NeverHasMorePatchesInFlightThanTheConcurrency) {
  settings.concurrency = 7;
  std::vector<Ending> endings(200);
  for (std::size_t i = 0; i < endings.size(); ++i) medplum.fhir.push_back(held());
  for (auto& ending : endings) start(patch_of("Observation/1"), ending);
  std::size_t most = 0, answered = 0;
  while (answered < endings.size()) {
    const std::size_t left = endings.size() - answered;
    until([&] { return server.holding() == std::min(client().gauges().limit, left); });
    ASSERT_FALSE(HasFailure());
    const std::size_t expected = server.holding();
    EXPECT_EQ(client().gauges().in_flight, expected);
    most = std::max(most, server.holding());
    answered += expected;
    server.release();
    until([&] { return static_cast<std::size_t>(std::ranges::count_if(endings, &Ending::over)) == answered; });
  }
  EXPECT_EQ(most, 7U);
}

TEST_F(InFlightTest, CountsReadsOfSingleResourcesButNoPages) {
  settings.concurrency = 2;
  std::vector<Ending> endings(10);
  for (std::size_t i = 0; i < endings.size() + 3; ++i) medplum.fhir.push_back(held());
  for (std::size_t i = 0; i < endings.size(); ++i)
    start(i % 2 == 0 ? get_of("Patient/" + std::to_string(i)) : patch_of("Observation/1"), endings[i]);
  until([&] { return server.holding() == 2; });
  std::vector<Ending> pages(3);
  for (auto& page : pages) start(get_of("Patient/1/$everything?_count=20"), page);
  until([&] { return server.holding() == 5; });
  EXPECT_EQ(client().gauges().in_flight, 2U);
  while (!std::ranges::all_of(endings, &Ending::over)) {
    server.release();
    io.run_one();
    EXPECT_LE(server.holding(), 5U);
  }
}

TEST_F(InFlightTest, LetsNobodyFollowIntoA429) {
  settings.concurrency = 2;
  patch("Observation/1");
  medplum.fhir.push_back(reply(429, "{}", {{"Retry-After", "1"}}));
  medplum.fhir.push_back(held());
  std::vector<Ending> endings(20);
  for (auto& ending : endings) start(patch_of("Observation/1"), ending);
  until([&] { return fhir_requests().size() == 3 && server.holding() == 1; });
  server.release();
  until([&] { return std::ranges::all_of(endings, &Ending::over); });
  EXPECT_GE(fhir_requests().at(3).at - fhir_requests().at(1).at, std::chrono::seconds(1));
}

TEST_F(InFlightTest, ServesSmallJobsBesideAHugeOne) {
  settings.concurrency = 4;
  std::vector<Ending> endings(110);
  for (std::size_t i = 0; i < endings.size(); ++i) {
    const bool small = i >= 100;
    start(patch_of(small ? "Observation/small" : "Observation/huge", small ? 2 : 1), endings[i]);
  }
  until([&] { return std::ranges::all_of(endings, &Ending::over); });
  const auto sent = fhir_requests();
  const auto last_small = std::ranges::find_if(
      sent.rbegin(), sent.rend(), [](const Received& request) { return request.target().ends_with("small"); });
  EXPECT_LT(sent.rend() - last_small, 30) << "in turn, not after the huge one";
}

TEST_F(InFlightTest, FallsOnOverload) {
  settings.concurrency = 10;
  for (int i = 0; i < 3; ++i) medplum.fhir.push_back(reply(503));
  patch("Observation/1");
  EXPECT_EQ(client().gauges().limit, 2U);
}

}  // namespace
