#include "fhir/retry.h"

#include <map>

#include <gtest/gtest.h>

#include "fhir/silence.h"

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
  for (unsigned status = 300; status < 400; ++status) expected[status] = Verdict::elsewhere;
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

TEST(PatienceTest, LastsTwoMinutesOfTriesAndPauses) {
  Patience patience{RetryPolicy()};
  for (int i = 0; i < 4; ++i) {
    patience.failed(10s);
    patience.waited(19s);
  }
  EXPECT_FALSE(patience.over());
  EXPECT_EQ(patience.left(), 4s);
  patience.failed(4s);
  EXPECT_TRUE(patience.over());
  EXPECT_EQ(patience.failures(), 5);
}

class SilenceTest : public testing::Test {
 protected:
  bool is_outage(Clock::time_point now, bool last_try = false) {
    return silence.is_outage(RetryPolicy(), last_try, now);
  }
  const Clock::time_point start = Clock::time_point() + 1h;
  Silence silence;
};

TEST_F(SilenceTest, IsAnOutageAfterTenSecondsAndThreeTries) {
  EXPECT_FALSE(is_outage(start));
  silence.heard(start);
  silence.heard(start + 6s);
  EXPECT_FALSE(is_outage(start + 11s)) << "two tries";
  silence.heard(start + 9s);
  EXPECT_FALSE(is_outage(start + 9s));
  EXPECT_TRUE(is_outage(start + 10s));
}

TEST_F(SilenceTest, IsNoOutageWhileAnybodyHearsFromIt) {
  for (int second = 0; second < 60; ++second) {
    silence.heard(start + std::chrono::seconds(second));
    if (second % 7 == 0) silence.ended(start + std::chrono::seconds(second));
    EXPECT_FALSE(is_outage(start + std::chrono::seconds(second)));
  }
}

TEST_F(SilenceTest, CountsFromTheLastWordForWhatWasInFlightThen) {
  silence.ended(start + 20s);
  for (int i = 0; i < 5; ++i) silence.heard(start);
  EXPECT_FALSE(is_outage(start + 29s));
  EXPECT_TRUE(is_outage(start + 30s));
}

TEST_F(SilenceTest, IsAnOutageWhenOneLongTimeoutUsedUpAllPatience) {
  silence.heard(start);
  EXPECT_FALSE(is_outage(start + 2min));
  EXPECT_TRUE(is_outage(start + 2min, true));
}

}  // namespace
