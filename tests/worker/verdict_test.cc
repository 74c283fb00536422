#include "worker/verdict.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "fhir/client.h"
#include "fhir/refused.h"
#include "queue/job_queue.h"
#include "worker/lease.h"
#include "worker/propagation.h"

namespace {

using queue::Verdict;
using worker::StopReason;
using namespace std::chrono_literals;

template <class Failure>
std::optional<Verdict> verdict_on(Failure failure, StopReason reason = StopReason::none) {
  std::mt19937_64 random(1);
  return worker::verdict_on(std::make_exception_ptr(std::move(failure)), reason, 1, random);
}

TEST(Verdict, SettlesNothingOnceTheLeaseIsLost) {
  EXPECT_FALSE(verdict_on(queue::LeaseLost()));
}

TEST(Verdict, SettlesNothingWhenTheLeaseRanOutUnasked) {
  EXPECT_FALSE(verdict_on(fhir::Stopped()));
}

TEST(Verdict, CancelsWhenAskedTo) {
  EXPECT_EQ(verdict_on(fhir::Stopped(), StopReason::cancelled)->kind, Verdict::Kind::cancelled);
}

TEST(Verdict, CancelsAlsoWhenTheAttemptFailedMeanwhile) {
  EXPECT_EQ(verdict_on(fhir::RequestFailed("503"), StopReason::cancelled)->kind, Verdict::Kind::cancelled);
  EXPECT_EQ(verdict_on(fhir::ServerUnavailable("away"), StopReason::cancelled)->kind, Verdict::Kind::cancelled);
}

TEST(Verdict, HandsBackWhileDraining) {
  EXPECT_EQ(verdict_on(fhir::Stopped(), StopReason::draining)->kind, Verdict::Kind::handed_back);
}

TEST(Verdict, HandsBackWithTheSentenceWhenTheServerIsOutOfReach) {
  const auto verdict = verdict_on(fhir::ServerUnavailable("no answer from https://h"));
  EXPECT_EQ(verdict->kind, Verdict::Kind::handed_back);
  EXPECT_EQ(verdict->error, "no answer from https://h");
}

TEST(Verdict, FailsWhatCannotBeDone) {
  EXPECT_EQ(verdict_on(worker::JobImpossible("404"))->kind, Verdict::Kind::failed);
  EXPECT_EQ(worker::reason_for_log(std::make_exception_ptr(fhir::Refused("403 Max Meier", "403"))), "403");
  EXPECT_EQ(worker::reason_for_log(std::make_exception_ptr(worker::JobImpossible("404 Max Meier", "404"))), "404");
  EXPECT_EQ(verdict_on(fhir::Refused("403"))->kind, Verdict::Kind::failed);
}

TEST(Verdict, TriesAgainAfterEverythingElse) {
  EXPECT_EQ(verdict_on(fhir::RequestFailed("503"))->kind, Verdict::Kind::again);
  EXPECT_EQ(verdict_on(queue::QueueUnavailable("away"))->kind, Verdict::Kind::again);
  EXPECT_EQ(verdict_on(std::runtime_error("odd"))->kind, Verdict::Kind::again);
}

TEST(Backoff, GrowsWithTheAttemptsAndNeverPassesAMinute) {
  std::mt19937_64 random(7);
  std::int64_t longest = 0;
  for (int n = 0; n < 1000; ++n) {
    EXPECT_LE(worker::backoff_ms(1, random), 1000);
    const std::int64_t late = worker::backoff_ms(50, random);
    EXPECT_LE(late, 60'000);
    longest = std::max(longest, late);
  }
  EXPECT_GT(longest, 50'000);
}

TEST(Backoff, IsAsShortAsItIsToldToBe) {
  std::mt19937_64 random(7);
  for (int n = 0; n < 1000; ++n) {
    EXPECT_LE(worker::backoff_ms(1, random, {.first = 5ms, .longest = 40ms}), 5);
    EXPECT_LE(worker::backoff_ms(50, random, {.first = 5ms, .longest = 40ms}), 40);
  }
}

TEST(Lease, EndsTwoThirdsAfterItWasAskedForAndIsRenewedFromThere) {
  const auto asked = worker::Lease::Clock::time_point(100s);
  worker::Lease lease(15s, asked);
  EXPECT_EQ(lease.ends(), asked + 10s);
  lease.renewed(asked + 4s);
  EXPECT_EQ(lease.ends(), asked + 14s);
}

}  // namespace
