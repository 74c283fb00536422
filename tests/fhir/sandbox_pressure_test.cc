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

/// A client at work on a server of its own that serves the less the more than `best` are in flight.
class AtWork {
 public:
  AtWork(boost::asio::io_context& io, std::size_t concurrency) : io_(io) {
    settings_.url = server_.fhir_url();
    settings_.concurrency = concurrency;
    server_.with_world([this](sandbox::World& world) { seeded_ = sandbox::seed_compartment(world, {.members = 50}); });
    server_.change_options([](sandbox::ServerOptions& options) {
      options.latency_in_flight = [](long in_flight) {
        const double crowd = std::max(1.0, static_cast<double>(in_flight) / best);
        return std::chrono::milliseconds(static_cast<long>(25 * crowd * crowd));
      };
    });
    client_ = std::make_unique<fhir::Client>(io.get_executor(), settings_, policy_);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      boost::asio::co_spawn(io_.get_executor(), work(lane), [this](const std::exception_ptr&) { ++over_; });
    }
  }
  void stop() { stop_.request(); }
  bool over() const { return over_ == lanes; }
  long served() const { return served_; }
  std::size_t limit() const { return client_->gauges().limit; }

  static constexpr double best = 6;

 private:
  static constexpr std::size_t lanes = 32;

  fhir::Awaitable<void> work(std::size_t lane) {
    for (;;) {
      fhir::Request request;
      request.method = fhir::Method::patch;
      request.path = seeded_.members.at(lane);
      request.body = R"([{"op":"add","path":"/meta/accounts","value":[{"reference":"Organization/x","display":")" +
                     std::to_string(++sent_) + "\"}]}]";
      co_await client_->send(std::move(request), stop_);
      ++served_;
    }
  }

  boost::asio::io_context& io_;
  sandbox::Server server_;
  sandbox::Seeded seeded_;
  config::Fhir settings_;
  fhir::RetryPolicy policy_;
  fhir::Stop stop_;
  std::unique_ptr<fhir::Client> client_;
  std::size_t over_ = 0;
  long sent_ = 0, served_ = 0;
};

/// Side by side, so that whatever slows this machine down slows both down. The figure is printed; what is asked of it
/// leaves room for a busy machine, since simulated servers ask for more (AnyServer).
TEST(SandboxPressureRatio, ServesNearlyAsManyAsTheBestNumberInFlightWould) {
  boost::asio::io_context io{1};
  AtWork adaptive(io, 24), best(io, static_cast<std::size_t>(AtWork::best));
  while (adaptive.limit() > 8) io.run_one();
  const long adaptive_before = adaptive.served(), best_before = best.served();
  while (best.served() < best_before + 1200) io.run_one();
  const double ratio = static_cast<double>(adaptive.served() - adaptive_before) / 1200;
  std::printf("[ figures  ] %.2f of what the best fixed number in flight serves\n", ratio);
  EXPECT_GE(ratio, 0.75);
  for (AtWork* side : {&adaptive, &best}) side->stop();
  while (!adaptive.over() || !best.over()) io.run_one();
}

}  // namespace
