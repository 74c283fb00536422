#include "fhir/quota.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace {

using namespace fhir;
using namespace std::chrono_literals;

const auto opening = Clock::time_point() + 1h;

std::vector<RateLimit> left(long units, std::chrono::seconds reset = 60s) {
  return {{"fhirInteractions", units, reset}};
}

TEST(Quota, LetsAllGoWhileNothingIsKnown) {
  Quota quota;
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(quota.held_until(Quota::patch_cost, opening));
    quota.sent(Quota::patch_cost);
  }
}

TEST(Quota, HoldsUntilTheResetWhatCannotBePaid) {
  Quota quota;
  quota.sent(1);
  quota.answered(1, opening, opening, left(250), false);
  quota.sent(Quota::patch_cost);
  quota.sent(Quota::patch_cost);
  EXPECT_EQ(quota.held_until(Quota::patch_cost, opening), opening + 60s);
  EXPECT_FALSE(quota.held_until(Quota::search_cost, opening)) << "a page can still be paid";
}

TEST(Quota, LetsLateAnswersOnlyLowerWhatIsLeft) {
  Quota quota;
  for (int i = 0; i < 3; ++i) quota.sent(Quota::patch_cost);
  quota.answered(Quota::patch_cost, opening, opening + 2s, left(50), false);
  quota.answered(Quota::patch_cost, opening, opening + 3s, left(150), false);
  EXPECT_TRUE(quota.held_until(Quota::patch_cost, opening + 3s));
}

TEST(Quota, CountsRequestsAgainstOtherLimits) {
  Quota quota;
  quota.sent(1);
  quota.answered(1, opening, opening, {{"requests", 2, 30s}}, false);
  quota.sent(Quota::patch_cost);
  EXPECT_FALSE(quota.held_until(Quota::patch_cost, opening));
  quota.sent(Quota::patch_cost);
  EXPECT_EQ(quota.held_until(1, opening), opening + 30s);
}

TEST(Quota, ChargesWhatGotNoAnswer) {
  Quota quota;
  quota.sent(1);
  quota.answered(1, opening, opening, left(150), false);
  quota.sent(Quota::patch_cost);
  quota.lost(Quota::patch_cost);
  EXPECT_TRUE(quota.held_until(Quota::patch_cost, opening));
}

TEST(Quota, SendsNothingBeforeTheResetThatA429NamedAndThenOne) {
  Quota quota;
  quota.sent(Quota::patch_cost);
  quota.closed_until(opening + 30s);
  quota.answered(Quota::patch_cost, opening, opening, {}, true);
  EXPECT_EQ(quota.held_until(1, opening + 29s), opening + 30s);
  EXPECT_FALSE(quota.held_until(1, opening + 30s));
  quota.sent(1);
  EXPECT_EQ(quota.held_until(1, opening + 30s), Clock::time_point::max()) << "one finds out";
  quota.answered(1, opening + 30s, opening + 31s, {}, false);
  EXPECT_FALSE(quota.held_until(1, opening + 31s));
}

/// So many PATCHes one after the other, all served.
void serve(Quota& quota, int patches, Clock::time_point now) {
  for (int i = 0; i < patches; ++i) {
    quota.sent(Quota::patch_cost);
    quota.answered(Quota::patch_cost, now, now, {}, false);
  }
}

TEST(Quota, FindsOutOneByOneWhereAServerThatNeverSaysWhatIsLeftRefusedBefore) {
  Quota quota;
  serve(quota, 30, opening);
  quota.sent(Quota::patch_cost);
  quota.closed_until(opening + 60s);
  quota.answered(Quota::patch_cost, opening, opening, {}, true);
  serve(quota, 29, opening + 60s);
  quota.sent(Quota::patch_cost);
  EXPECT_EQ(quota.held_until(Quota::patch_cost, opening + 60s), Clock::time_point::max());
  quota.answered(Quota::patch_cost, opening + 60s, opening + 60s, {}, false);
  EXPECT_FALSE(quota.held_until(Quota::patch_cost, opening + 60s)) << "alone it may find out";
}

TEST(Quota, ForgetsARefusalThatDoesNotComeAgain) {
  Quota quota;
  serve(quota, 30, opening);
  quota.sent(Quota::patch_cost);
  quota.closed_until(opening + 60s);
  quota.answered(Quota::patch_cost, opening, opening, {}, true);
  serve(quota, 41, opening + 60s);
  quota.sent(Quota::patch_cost);
  EXPECT_FALSE(quota.held_until(Quota::patch_cost, opening + 60s));
}

TEST(Quota, IsNeverStuckWithALimitThatCannotPayForAnything) {
  Quota quota;
  quota.sent(1);
  quota.answered(1, opening, opening, left(0, 1'000'000'000s), false);
  EXPECT_EQ(quota.held_until(Quota::patch_cost, opening), opening + 5min);
  EXPECT_FALSE(quota.held_until(Quota::patch_cost, opening + 5min)) << "one finds out";
}

/// A server with a fixed window. Medplum's limiter opens one with the first request after the last one closed; others
/// follow the clock.
class Window {
 public:
  Window(long limit, std::chrono::seconds length, bool by_the_clock = false)
      : limit_(limit), length_(length), by_the_clock_(by_the_clock) {}
  /// Whether it was granted, and what the header says.
  std::pair<bool, RateLimit> charge(long cost, Clock::time_point now) {
    if (now >= opened_ + length_) {
      ++windows;
      opened_ = by_the_clock_ ? now - (now - opened_) % length_ : now;
      used_ = 0;
    }
    used_ += cost;
    const bool granted = used_ <= limit_;
    if (granted) served += cost;
    const auto reset = std::chrono::ceil<std::chrono::seconds>(opened_ + length_ - now);
    return {granted, {"fhirInteractions", std::max(0L, limit_ - used_), reset}};
  }
  long served = 0;
  long windows = 0;

 private:
  long limit_;
  std::chrono::seconds length_;
  bool by_the_clock_;
  Clock::time_point opened_ = Clock::time_point() + 1234ms;
  long used_ = 0;
};

/// What a request is taken to cost, and what it does cost.
struct Cost {
  long expected = Quota::patch_cost;
  long charged = Quota::patch_cost;
};

/// Sixteen requests side by side against that server, with answers that take a random while each way.
class QuotaSimulation {
 public:
  QuotaSimulation(Window& window, std::uint32_t seed) : window_(window), random_(seed) {}

  void run(Clock::duration length) {
    while (now_ < opening + length) {
      now_ += 1ms;
      arrive();
      answer();
      while (lanes_ < 16 && !quota_.held_until(next_.expected, now_)) send();
    }
  }
  std::function<Cost(std::minstd_rand&)> draw = [](auto&) { return Cost(); };
  std::map<long, long> refusals;  ///< by window
  long all_refusals() const {
    return std::accumulate(refusals.begin(), refusals.end(), 0L,
                           [](long sum, const auto& of) { return sum + of.second; });
  }
  /// But for the first window, in which it learns that others spend, too.
  long most_in_a_window() const {
    long most = 0;
    for (const auto& [window, number] : refusals) most = std::max(most, window > 1 ? number : 0);
    return most;
  }
  Clock::time_point now() const { return now_; }

 private:
  struct Flight {
    Clock::time_point sent, due;
    Cost cost;
    bool arrived = false, granted = false;
    RateLimit said;
  };
  Clock::duration some_time() { return std::chrono::milliseconds(5 + random_() % 95); }
  void send() {
    ++lanes_;
    quota_.sent(next_.expected);
    flights_.push_back({now_, now_ + some_time(), next_, false, false, {}});
    next_ = draw(random_);
  }
  void arrive() {
    for (auto& flight : flights_) {
      if (flight.arrived || flight.due > now_) continue;
      std::tie(flight.granted, flight.said) = window_.charge(flight.cost.charged, now_);
      if (!flight.granted) ++refusals[window_.windows];
      flight.arrived = true;
      flight.due = now_ + some_time();
    }
  }
  void answer() {
    std::erase_if(flights_, [this](const Flight& flight) {
      if (!flight.arrived || flight.due > now_) return false;
      if (!flight.granted) quota_.closed_until(now_ + flight.said.reset);
      quota_.answered(flight.cost.expected, flight.sent, now_, {flight.said}, !flight.granted);
      --lanes_;
      return true;
    });
  }

  Window& window_;
  std::minstd_rand random_;
  Quota quota_;
  Clock::time_point now_ = opening;
  Cost next_;
  int lanes_ = 0;
  std::deque<Flight> flights_;
};

constexpr std::uint32_t seeds = 5;

TEST(Quota, IsUsedNearlyWhollyAndNeverPassed) {
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    Window window(50'000, 60s);
    QuotaSimulation simulation(window, seed);
    simulation.run(10min);
    EXPECT_EQ(simulation.all_refusals(), 0) << seed;
    EXPECT_GE(static_cast<double>(window.served), 0.98 * 10 * 50'000) << seed;
  }
}

TEST(Quota, IsUsedNearlyWhollyInWindowsThatFollowTheClock) {
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    Window window(20'000, 10s, true);
    QuotaSimulation simulation(window, seed);
    simulation.run(3min);
    EXPECT_LE(simulation.most_in_a_window(), 1) << seed;
    EXPECT_LE(simulation.all_refusals(), 1) << seed;
    EXPECT_GE(static_cast<double>(window.served), 0.98 * 20'000 * static_cast<double>(window.windows - 2)) << seed;
  }
}

/// Pages resolve references, each of which costs, too: nobody knows how many before.
TEST(Quota, IsUsedNearlyWhollyWhereReadsAndPagesCostAsWell) {
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    Window window(20'000, 10s);
    QuotaSimulation simulation(window, seed);
    simulation.draw = [](std::minstd_rand& random) {
      const auto dice = random() % 10;
      if (dice == 0) return Cost{Quota::search_cost, 20 + static_cast<long>(random() % 60)};
      return dice < 4 ? Cost{Quota::read_cost, 1} : Cost();
    };
    simulation.run(3min);
    EXPECT_LE(simulation.most_in_a_window(), 1) << seed;
    EXPECT_GE(static_cast<double>(window.served), 0.98 * 20'000 * static_cast<double>(window.windows - 1)) << seed;
  }
}

TEST(Quota, MeetsAtMostOneRefusalAWindowWhenAnotherClientSpendsHalfOfIt) {
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    Window window(20'000, 10s);
    QuotaSimulation simulation(window, seed);
    std::minstd_rand random(seed);
    while (simulation.now() < opening + 3min) {
      simulation.run(simulation.now() - opening + 200ms);
      window.charge(static_cast<long>(random() % 400), simulation.now());
    }
    EXPECT_LE(simulation.most_in_a_window(), 1) << seed;
    EXPECT_GE(static_cast<double>(window.served), 0.98 * 20'000 * static_cast<double>(window.windows - 1)) << seed;
  }
}

TEST(Quota, IsSharedByTwoProcessesWithHardlyARefusal) {
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    Window window(20'000, 10s);
    QuotaSimulation one(window, seed), other(window, seed + 100);
    while (one.now() < opening + 3min) {
      one.run(one.now() - opening + 1ms);
      other.run(other.now() - opening + 1ms);
    }
    EXPECT_LE(one.most_in_a_window(), 1) << seed;
    EXPECT_LE(other.most_in_a_window(), 1) << seed;
    EXPECT_GE(static_cast<double>(window.served), 0.98 * 20'000 * static_cast<double>(window.windows - 1)) << seed;
  }
}

}  // namespace
