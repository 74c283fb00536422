#include <cstdlib>
#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "tests/faults/side_by_side.h"

namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

/// SET_ACCOUNTS_TEST_MIXTURES of them (150); the nth has the seed that is printed, plus n, and can be had alone by it:
/// SET_ACCOUNTS_TEST_SEED=… SET_ACCOUNTS_TEST_MIXTURES=1.
TEST(RandomMixtures, EndRightOrWithATrueListAndAreMendedByTheNextJob) {
  const std::uint64_t seed = number_from("SET_ACCOUNTS_TEST_SEED", std::random_device()());
  const std::uint64_t number = number_from("SET_ACCOUNTS_TEST_MIXTURES", 150);
  std::cout << "SET_ACCOUNTS_TEST_SEED=" << seed << " SET_ACCOUNTS_TEST_MIXTURES=" << number << std::endl;
  std::uint64_t next = 0;
  const auto began = std::chrono::steady_clock::now();
  const faults::Findings findings = faults::play_side_by_side([&]() -> std::optional<faults::Mixture> {
    if (next == number) return std::nullopt;
    if (next % 500 == 499) std::cout << "  " << next + 1 << " begun" << std::endl;
    return faults::random_mixture(seed + next++);
  });
  const auto took = std::chrono::steady_clock::now() - began;
  const faults::Figures& figures = findings.figures;
  std::cout << figures.mixtures << " mixtures in " << std::chrono::round<std::chrono::seconds>(took).count() << " s, "
            << findings.mixtures_wrong << " wrong; jobs: " << figures.completed << " completed, " << figures.failed
            << " failed, " << figures.cancelled << " cancelled; " << figures.kills << " workers killed or stopped ("
            << figures.kills_at_work << " killed at work), " << figures.doings << " changes by somebody else, "
            << figures.writes << " writes in " << figures.requests << " requests\n";
  for (const auto& [error, n] : figures.by_error) std::cout << "  " << n << " failed: " << error << "\n";
  EXPECT_EQ(findings.text, "");
}

}  // namespace
