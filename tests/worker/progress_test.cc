#include "worker/progress.h"

#include <gtest/gtest.h>

namespace {

using fhir::Outcome;
using fhir::Patched;
using fhir::Reference;
using worker::Progress;

const Reference observation{"Observation", "1"};
const Reference condition{"Condition", "2"};

Patched became(Outcome outcome) {
  return {outcome, 0, ""};
}
Patched refused() {
  return {Outcome::failed, 400, "PATCH Observation/1: 400 \"bad\""};
}

TEST(Progress, CountsAResourceThatComesTwiceOnce) {
  Progress progress(false, 0);
  progress.count(observation, became(Outcome::unchanged));
  progress.count(observation, became(Outcome::unchanged));
  progress.count(condition, became(Outcome::unchanged));
  EXPECT_EQ(progress.counts().total, 2u);
  EXPECT_EQ(progress.counts().updated, 2u);
  EXPECT_EQ(progress.counts().unchanged, 2u);
}

TEST(Progress, CountsWhatAPageBroughtBeforeItsTurnHasCome) {
  Progress progress(false, 0);
  progress.see(observation);
  progress.see(condition);
  progress.see(observation);
  progress.count(condition, became(Outcome::written));
  EXPECT_EQ(progress.counts().total, 2u);
  EXPECT_EQ(progress.counts().updated, 1u);
}

TEST(Progress, KeepsAWrittenResourceAsWrittenWhenItIsFoundRightLater) {
  Progress progress(false, 0);
  progress.count(observation, became(Outcome::written));
  progress.count(observation, became(Outcome::unchanged));
  EXPECT_EQ(progress.counts().updated, 1u);
  EXPECT_EQ(progress.counts().written, 1u);
  EXPECT_EQ(progress.counts().unchanged, 0u);
}

TEST(Progress, CountsEveryPatchThatChangedSomethingOverAllAttempts) {
  Progress progress(false, 40);
  progress.count(observation, became(Outcome::written));
  progress.count(observation, became(Outcome::written));
  EXPECT_EQ(progress.counts().written, 42u);
  EXPECT_EQ(progress.writes(), 2u);
  EXPECT_EQ(progress.counts().updated, 1u);
}

TEST(Progress, ForgetsAResourceThatWasMovedOutOfTheCompartment) {
  Progress progress(false, 0);
  progress.count(observation, became(Outcome::written));
  progress.count(observation, became(Outcome::not_a_member));
  EXPECT_EQ(progress.counts().total, 0u);
  EXPECT_EQ(progress.counts().updated, 0u);
  EXPECT_EQ(progress.counts().written, 1u);
}

TEST(Progress, TakesBackAFailureThatWasMended) {
  Progress progress(false, 0);
  progress.count(observation, refused());
  EXPECT_EQ(progress.counts().failed, 1u);
  progress.count(observation, became(Outcome::unchanged));
  EXPECT_EQ(progress.counts().failed, 0u);
  EXPECT_TRUE(progress.final_report().failures.empty());
}

TEST(Progress, ListsFailuresAsJsonInTheLastReportOnly) {
  Progress progress(false, 0);
  progress.count(observation, refused());
  EXPECT_TRUE(progress.report().failures.empty());
  ASSERT_EQ(progress.final_report().failures.size(), 1u);
  EXPECT_EQ(progress.final_report().failures.front(),
            R"({"reference":"Observation/1","status":400,"diagnostics":"PATCH Observation/1: 400 \"bad\""})");
}

TEST(Progress, KeepsAThousandFailuresAndTheExactCount) {
  Progress progress(false, 0);
  for (int n = 0; n < 1500; ++n) progress.count({"Observation", std::to_string(n)}, refused());
  EXPECT_EQ(progress.counts().failed, 1500u);
  EXPECT_EQ(progress.final_report().failures.size(), 1000u);
}

TEST(Progress, KnowsAtWhichVersionAResourceWasRefused) {
  Progress progress(false, 0);
  progress.remember_failure(observation, "v1");
  EXPECT_TRUE(progress.failed_at(observation, "v1"));
  EXPECT_FALSE(progress.failed_at(observation, "v2"));
  EXPECT_FALSE(progress.failed_at(condition, "v1"));
}

TEST(Progress, SaysInADryRunWhatWouldBeWritten) {
  Progress progress(true, 0);
  progress.count(observation, became(Outcome::to_write));
  progress.count(condition, became(Outcome::unchanged));
  EXPECT_TRUE(progress.report().dry_run);
  EXPECT_EQ(progress.counts().to_write, 1u);
  EXPECT_EQ(progress.counts().updated, 1u);
  EXPECT_EQ(progress.counts().total, 2u);
}

}  // namespace
