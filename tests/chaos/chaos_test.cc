#include "tests/chaos/chaos.h"

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/chaos/plan.h"
#include "tests/chaos/report.h"

namespace {

/// A number from the environment.
template <class Number>
void override_by(const char* variable, Number& number) {
  if (const char* text = std::getenv(variable)) number = static_cast<Number>(std::stoull(text));
}

chaos::Scale scale_asked_for(chaos::Scale scale) {
  scale.seed = std::random_device()();
  override_by("SET_ACCOUNTS_TEST_SEED", scale.seed);
  override_by("SET_ACCOUNTS_CHAOS_JOBS", scale.jobs);
  override_by("SET_ACCOUNTS_CHAOS_TARGETS", scale.targets);
  override_by("SET_ACCOUNTS_CHAOS_KILLS", scale.kills);
  override_by("SET_ACCOUNTS_CHAOS_REDIS_RESTARTS", scale.redis_restarts);
  return scale;
}

void expect_all_promises_kept(const chaos::Scale& scale) {
  const char* keep = std::getenv("SET_ACCOUNTS_CHAOS_KEEP");
  std::cout << chaos::how_to_repeat(scale) << std::endl;

  const chaos::Outcome outcome = chaos::chaos(scale, keep == nullptr ? "" : keep);

  std::cout << outcome.report;
  std::string wrong;
  for (const std::string& each : outcome.wrong) wrong += each + "\n";
  EXPECT_EQ(wrong, "");
}

TEST(Chaos, LosesNothingAndLeavesEveryResourceRight) {
  expect_all_promises_kept(scale_asked_for({}));
}

TEST(ChaosOfFailovers, LosesNothingAndLeavesEveryResourceRight) {
  expect_all_promises_kept(
      scale_asked_for({.jobs = 40, .targets = 8, .kills = 4, .redis_restarts = 3, .sentinels = true}));
}

TEST(ChaosPlan, IsTheSameForTheSameSeed) {
  const chaos::Scale scale{.seed = 7};
  EXPECT_EQ(chaos::shown(chaos::plan_of(scale)), chaos::shown(chaos::plan_of(scale)));
  EXPECT_NE(chaos::shown(chaos::plan_of(scale)), chaos::shown(chaos::plan_of({.seed = 8})));
}

TEST(ChaosPlan, HasEveryKindOfTroubleAndAsManyKillsAsAsked) {
  const chaos::Scale scale{.seed = 7, .kills = 40, .redis_restarts = 5};
  std::map<chaos::TroubleKind, int> kinds;
  for (const chaos::Trouble& trouble : chaos::plan_of(scale).troubles) ++kinds[trouble.kind];
  for (const chaos::Trouble& trouble : chaos::plan_of({.redis_restarts = 3, .sentinels = true}).troubles)
    if (trouble.kind == chaos::TroubleKind::fail_redis_over) ++kinds[trouble.kind];
  for (int kind = 0; kind <= static_cast<int>(chaos::TroubleKind::fhir_comes); ++kind)
    EXPECT_GT(kinds[static_cast<chaos::TroubleKind>(kind)], 0) << name_of(static_cast<chaos::TroubleKind>(kind));
  EXPECT_EQ(kinds[chaos::TroubleKind::kill_worker], 40);
  EXPECT_EQ(kinds[chaos::TroubleKind::kill_redis], 5);
}

}  // namespace
