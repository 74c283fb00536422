// The adaptive limit against servers that are simulated in virtual time.

#include <cmath>
#include <functional>
#include <queue>
#include <random>

#include <gtest/gtest.h>

#include "fhir/pressure.h"

namespace {

using namespace fhir;
using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;

/// The round trip of a request that makes it `in_flight`.
using Server = std::function<Seconds(double in_flight)>;

Server queueing(double slots) {
  return [slots](double in_flight) { return 50ms * std::max(1.0, in_flight / slots); };
}
/// It serves the less the more are waiting.
Server collapsing(double slots) {
  return [slots](double in_flight) { return 50ms * std::pow(std::max(1.0, in_flight / slots), 2); };
}
/// Gunther's universal scalability law: they wait for each other and have to agree with each other.
Server contended(double waiting, double agreeing) {
  return [=](double n) { return 50ms * (1 + waiting * (n - 1) + agreeing * n * (n - 1)); };
}
Server constant() {
  return [](double) { return 50ms; };
}

/// Requests for as long as there is leave; their round trips vary as a log-normal distribution does.
class Simulation {
 public:
  Simulation(Server server, double noise, std::uint32_t seed)
      : server_(std::move(server)), noise_(noise), random_(seed) {}

  /// How many were served in a second, with a limit that stays.
  double run_at(std::size_t limit, Clock::duration time) {
    return run([limit] { return limit; }, [](auto&&...) {}, time);
  }
  double run_with(AdaptiveLimit& limit, Clock::duration time) {
    return run([&] { return limit.limit(); },
               [&](Clock::time_point sent_at, std::size_t in_flight) { limit.served(sent_at, now_, in_flight); }, time);
  }
  void change(Server server) { server_ = std::move(server); }
  Clock::time_point now() const { return now_; }

 private:
  struct Flight {
    Clock::time_point due, sent_at;
    bool operator<(const Flight& other) const { return due > other.due; }
  };

  template <class Limit, class Served>
  double run(Limit limit, Served served, Clock::duration time) {
    const auto end = now_ + time;
    long answers = 0;
    for (; now_ < end; ++answers) {
      while (flights_.size() < limit()) send();
      const auto first = flights_.top();
      now_ = first.due;
      served(first.sent_at, flights_.size());
      flights_.pop();
    }
    return static_cast<double>(answers) / Seconds(time).count();
  }
  void send() {
    const double factor = std::exp(noise_ * normal_(random_) - noise_ * noise_ / 2);
    const auto takes = server_(static_cast<double>(flights_.size() + 1)) * factor;
    flights_.push({now_ + std::chrono::duration_cast<Clock::duration>(takes), now_});
  }

  Server server_;
  double noise_;
  std::minstd_rand random_;
  std::normal_distribution<double> normal_;
  Clock::time_point now_ = Clock::time_point() + 1h;
  std::priority_queue<Flight> flights_;
};

constexpr std::size_t most = 64;

double best_of_all_fixed_limits(const Server& server) {
  double best = 0;
  for (std::size_t limit = 1; limit <= most; ++limit) {
    Simulation simulation(server, 0, 1);
    simulation.run_at(limit, 10s);
    best = std::max(best, simulation.run_at(limit, 10s));
  }
  return best;
}

struct Kind {
  const char* name;
  Server server;
  double noise = 0;
  double share = 0.9;  ///< of the best, at least
};

class AnyServer : public testing::TestWithParam<Kind> {};

TEST_P(AnyServer, IsUsedNearlyAsWellAsWithTheBestFixedLimit) {
  const auto& kind = GetParam();
  const double best = best_of_all_fixed_limits(kind.server);
  double sum = 0;
  constexpr std::uint32_t seeds = 5;
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    AdaptiveLimit limit(most);
    Simulation simulation(kind.server, kind.noise, seed);
    simulation.run_with(limit, 1min);
    const double served = simulation.run_with(limit, 3min);
    EXPECT_GE(served, (kind.share - 0.1) * best) << "seed " << seed;
    sum += served;
  }
  EXPECT_GE(sum / seeds, kind.share * best);
}

INSTANTIATE_TEST_SUITE_P(
    Simulated, AnyServer,
    testing::Values(Kind{"Queueing", queueing(20)}, Kind{"SmallQueueing", queueing(3)},
                    Kind{"Collapsing", collapsing(20)}, Kind{"SmallCollapsing", collapsing(8)},
                    Kind{"Contended", contended(0.02, 0.005)}, Kind{"VeryContended", contended(0.05, 0.02)},
                    Kind{"Constant", constant()}, Kind{"NoisyQueueing", queueing(20), 0.5},
                    Kind{"NoisyCollapsing", collapsing(20), 0.5}, Kind{"NoisyContended", contended(0.02, 0.005), 0.5},
                    Kind{"NoisyConstant", constant(), 0.5}, Kind{"VeryNoisyConstant", constant(), 1.0}),
    [](const auto& kind) { return kind.param.name; });

TEST(AdaptiveLimit, DoesNotLetAQueueGrowThatServesNobody) {
  AdaptiveLimit limit(most);
  Simulation simulation(queueing(8), 0.2, 1);
  simulation.run_with(limit, 2min);
  std::size_t highest = 0;
  for (int second = 0; second < 120; ++second) {
    simulation.run_with(limit, 1s);
    highest = std::max(highest, limit.limit());
  }
  EXPECT_LE(highest, 16U);
}

TEST(AdaptiveLimit, RecoversWhenTheServerDoes) {
  AdaptiveLimit limit(16);
  Simulation simulation(constant(), 0.2, 1);
  simulation.run_with(limit, 1min);
  simulation.change(collapsing(2));
  simulation.run_with(limit, 2min);
  EXPECT_LE(limit.limit(), 4U);
  simulation.change(constant());
  simulation.run_with(limit, 2min);
  EXPECT_GE(simulation.run_with(limit, 2min), 0.9 * 16 / 0.05);
}

TEST(AdaptiveLimit, KeepsItsCourageOverAShortPauseOfTheServer) {
  AdaptiveLimit limit(16);
  Simulation simulation(constant(), 0.2, 1);
  double served = 0;
  constexpr int pauses = 20;
  for (int i = 0; i < pauses; ++i) {
    simulation.change(constant());
    served += simulation.run_with(limit, 10s);
    simulation.change([](double) { return 500ms; });
    simulation.run_with(limit, 1s);
  }
  EXPECT_GE(served / pauses, 0.8 * 16 / 0.05);
}

}  // namespace
