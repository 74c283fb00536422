#include <algorithm>
#include <iostream>
#include <thread>

#include <gtest/gtest.h>

#include "tests/soak/flat.h"
#include "tests/soak/process_size.h"
#include "tests/soak/rounds.h"

namespace soak {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int rounds_of_the_short_form = 3;
constexpr auto from_round_to_round = 3s;  ///< of the long form
/// Shorter ones tell nothing of growth: what is kept for a minute is still being gathered.
constexpr auto least_to_judge_growth = 6min;

class SoakTest : public Rounds {
 protected:
  void measure() {
    for (std::size_t i = 0; i < workers().size(); ++i) {
      const ProcessSize size = size_of(workers()[i].pid());
      const std::string worker = "worker " + std::to_string(i + 1);
      note({.name = worker + ", resident", .unit = "KiB", .may_grow = 0.03, .may_add = 256}, size.resident_kib);
      note({.name = worker + ", descriptors", .unit = "open", .may_add = 4}, size.descriptors);
    }
    note({.name = "Redis, used_memory", .unit = "KiB", .may_grow = 0.05, .may_add = 64}, redis_memory() / 1024);
    note({.name = "Redis, keys", .unit = "keys", .may_grow = 0.05, .may_add = 20}, redis({"DBSIZE"}).number);
  }

  const std::vector<Series>& measured() const { return measured_; }

 private:
  void note(Series series, long value) {
    const auto known = std::ranges::find(measured_, series.name, &Series::name);
    Series& to = known == measured_.end() ? measured_.emplace_back(std::move(series)) : *known;
    to.values.push_back(static_cast<double>(value));
  }

  long redis_memory() {
    const std::string info = redis({"INFO", "memory"}).text;
    const std::string label = "used_memory:";
    return std::stol(info.substr(info.find(label) + label.size()));
  }

  std::vector<Series> measured_;
};

TEST_F(SoakTest, StaysAsSmallAsItWasAndLeavesEveryResourceRight) {
  const std::chrono::minutes length(asked_for("SET_ACCOUNTS_SOAK_MINUTES", 0));
  start(length == 0min);
  const auto began = Clock::now();
  for (int round = 0; complaints().empty(); ++round) {
    if (round >= rounds_of_the_short_form && Clock::now() - began >= length) break;
    const auto next = Clock::now() + from_round_to_round;
    play_round(round);
    measure();
    if (length > 0min) std::this_thread::sleep_until(next);
  }
  end();
  std::cout << report();
  EXPECT_EQ(complaints(), "");
  if (length < least_to_judge_growth) return;
  for (const Series& series : measured()) {
    std::cout << shown(series) << "\n";
    EXPECT_TRUE(trend_of(series).flat) << shown(series);
  }
}

}  // namespace
}  // namespace soak
