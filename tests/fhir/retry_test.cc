#include "fhir/retry.h"

#include <map>

#include <gtest/gtest.h>

namespace {

using namespace fhir;
using namespace std::chrono_literals;

HttpAnswer too_many(const std::vector<std::pair<std::string, std::string>>& headers, std::string body = "") {
  HttpAnswer answer;
  answer.status = 429;
  for (const auto& [name, value] : headers) answer.fields.add(name, value);
  answer.body = std::move(body);
  return answer;
}

TEST(Judge, RetriesWhatPassesAndNothingElse) {
  std::map<unsigned, Verdict> expected;
  for (unsigned status = 200; status < 600; ++status) expected[status] = Verdict::final;
  for (const unsigned status : {408U, 500U, 502U, 503U, 504U}) expected[status] = Verdict::again;
  expected[401] = Verdict::new_token;
  expected[429] = Verdict::after_reset;
  for (const auto& [status, verdict] : expected) EXPECT_EQ(judge(status, {}), verdict) << status;
}

TEST(Judge, RetriesALostRaceOfTheDatabase) {
  OperationOutcome outcome;
  outcome.code = "40001";
  EXPECT_EQ(judge(409, outcome), Verdict::again);
  EXPECT_EQ(judge(412, outcome), Verdict::final);
}

TEST(Reset, PrefersTheLimitThatIsUsedUp) {
  const auto reset = reset_after(too_many({{"RateLimit", R"("requests";r=5;t=50)"},
                                           {"RateLimit", R"("fhirInteractions";r=0;t=17)"},
                                           {"Retry-After", "3"}}),
                                 RetryPolicy());
  EXPECT_EQ(reset.wait, 17s);
  EXPECT_TRUE(reset.named);
}

TEST(Reset, ReadsTheOutcomesExtensionAndDiagnostics) {
  const auto extension = too_many({{"Retry-After", "3"}}, R"({"resourceType":"OperationOutcome","extension":[{
      "url":"https://medplum.com/fhir/StructureDefinition/rate-limit-reset","valueUnsignedInt":9}],
      "issue":[{"severity":"error","code":"throttled"}]})");
  EXPECT_EQ(reset_after(extension, RetryPolicy()).wait, 9s);
  const auto diagnostics = too_many({}, R"({"resourceType":"OperationOutcome","issue":[{"severity":"error",
      "code":"throttled","diagnostics":"{\"_msBeforeNext\":4500,\"_remainingPoints\":0}"}]})");
  EXPECT_EQ(reset_after(diagnostics, RetryPolicy()).wait, 5s);
}

TEST(Reset, ReadsRetryAfterByTheServersOwnClock) {
  EXPECT_EQ(reset_after(too_many({{"Retry-After", "30"}}), RetryPolicy()).wait, 30s);
  const auto dated =
      too_many({{"Retry-After", "Sun, 06 Nov 1994 08:50:00 GMT"}, {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}});
  EXPECT_EQ(reset_after(dated, RetryPolicy()).wait, 23s);
}

TEST(Reset, TakesAMinuteIfNoneIsNamed) {
  const auto reset = reset_after(too_many({}, "<html>"), RetryPolicy());
  EXPECT_EQ(reset.wait, 60s);
  EXPECT_FALSE(reset.named);
}

TEST(Reset, StaysWithinSaneBounds) {
  EXPECT_EQ(reset_after(too_many({{"Retry-After", "864000"}}), RetryPolicy()).wait, 5min);
  EXPECT_EQ(reset_after(too_many({{"RateLimit", R"("a";r=0;t=0)"}}), RetryPolicy()).wait, 1s);
}

TEST(AskedPause, IsBoundedByTheCap) {
  EXPECT_EQ(asked_pause(too_many({{"Retry-After", "7"}}), RetryPolicy()), 7s);
  EXPECT_EQ(asked_pause(too_many({{"Retry-After", "3600"}}), RetryPolicy()), 20s);
  EXPECT_EQ(asked_pause(too_many({}), RetryPolicy()), 0s);
}

TEST(Backoff, DoublesUpToTheCapAndJittersFromZero) {
  const RetryPolicy policy;
  EXPECT_EQ(backoff(policy, 1, 1.0), 250ms);
  EXPECT_EQ(backoff(policy, 2, 1.0), 500ms);
  EXPECT_EQ(backoff(policy, 3, 0.5), 500ms);
  EXPECT_EQ(backoff(policy, 8, 1.0), 20s);
  for (int failures = 0; failures < 1000; ++failures) {
    EXPECT_EQ(backoff(policy, failures, 0.0), 0s);
    EXPECT_LE(backoff(policy, failures, 0.999), 20s);
  }
}

class PatienceTest : public testing::Test {
 protected:
  /// A try of this length, then a pause.
  void fail(Clock::duration length, bool answered, Clock::duration pause = 0s) {
    const auto began = now;
    now += length;
    patience.failed(began, now, answered);
    now += pause;
    patience.waited(pause);
  }
  Clock::time_point now = Clock::time_point() + 1h;
  Clock::time_point never = Clock::time_point::min();
  Patience patience{RetryPolicy()};
};

TEST_F(PatienceTest, LastsTwoMinutesOfTriesAndPauses) {
  for (int i = 0; i < 4; ++i) fail(10s, true, 19s);
  EXPECT_FALSE(patience.over());
  fail(4s, true);
  EXPECT_TRUE(patience.over());
  EXPECT_FALSE(patience.server_is_away(now, now)) << "it answered";
}

TEST_F(PatienceTest, TakesTheServerForAwayAfterTenSilentSecondsAndThreeTries) {
  fail(1ms, false, 6s);
  fail(1ms, false, 5s);
  EXPECT_FALSE(patience.server_is_away(never, now)) << "two tries";
  fail(1ms, false);
  EXPECT_TRUE(patience.server_is_away(never, now));
}

TEST_F(PatienceTest, TakesItForThereWhileOthersHearFromIt) {
  for (int i = 0; i < 5; ++i) fail(1ms, false, 5s);
  EXPECT_FALSE(patience.server_is_away(now - 2s, now));
  EXPECT_TRUE(patience.server_is_away(now - 11s, now));
}

TEST_F(PatienceTest, StartsAgainWhenItAnswered) {
  fail(1ms, false, 6s);
  fail(1ms, false, 6s);
  fail(1ms, true);
  fail(1ms, false);
  EXPECT_FALSE(patience.server_is_away(now - 6s, now));
}

TEST_F(PatienceTest, TakesItForAwayWhenTwoLongTimeoutsUsedUpAllPatience) {
  fail(60s, false);
  fail(60s, false);
  EXPECT_TRUE(patience.over());
  EXPECT_TRUE(patience.server_is_away(never, now));
}

}  // namespace
