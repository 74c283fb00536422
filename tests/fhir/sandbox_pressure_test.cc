// The adaptive limit on real connections.

#include "sandbox_fixture.h"

namespace {

using namespace test;
using namespace std::chrono_literals;

class SandboxPressure : public SandboxTest {
 protected:
  static constexpr auto quick = 20ms;
  static std::chrono::milliseconds collapsing(long in_flight) {
    const double crowd = std::max(1.0, static_cast<double>(in_flight) / 4);
    return std::chrono::milliseconds(static_cast<long>(static_cast<double>(quick.count()) * crowd * crowd));
  }
  void set_latency(const std::function<std::chrono::milliseconds(long)>& latency) {
    server.change_options([&](sandbox::ServerOptions& options) { options.latency_in_flight = latency; });
  }
};

TEST_F(SandboxPressure, FindsTheNumberInFlightThatTheServerBearsAndRisesWhenItBearsMore) {
  settings.concurrency = 16;
  set_latency(collapsing);
  patch_until([&] { return client().gauges().limit <= 4; });
  std::size_t highest = 0;
  const long before = patched;
  patch_until([&] {
    highest = std::max(highest, client().gauges().limit);
    return patched >= before + 500;
  });
  EXPECT_LE(highest, 8U);
  set_latency([](long) { return quick; });
  patch_until([&] { return client().gauges().limit == 16; });
}

TEST_F(SandboxPressure, MeetsAServerInTroubleWithNoMoreRetriesThanTheBudgetPaysFor) {
  policy.base = 1ms;
  policy.cap = 20ms;
  policy.retry_every = 50ms;
  policy.retries_kept = 8;
  constexpr long lanes = 32, over_time = 20;
  patch_until([&] { return patched >= 100; }, lanes);
  const auto begin = fhir::Clock::now();
  const long at_once = lanes + lanes / 5 + policy.retries_kept;
  server.add_fault({.on = sandbox::RequestKind::patch, .times = at_once + over_time, .status = 503});
  const long before = patched;
  patch_until([&] { return patched >= before + 200; }, lanes);
  EXPECT_EQ(server.counters().answers_of(503), at_once + over_time);
  EXPECT_GE(fhir::Clock::now() - begin, over_time * policy.retry_every);
}

}  // namespace
