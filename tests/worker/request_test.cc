#include "worker/request.h"

#include <gtest/gtest.h>

namespace {

using config::Verify;

queue::Job job_with(std::map<std::string, std::string, std::less<>> fields, std::string target = "Patient/1") {
  queue::Job job;
  job.target = std::move(target);
  job.fields = std::move(fields);
  return job;
}

std::string error_of(const queue::Job& job) {
  const auto request = worker::parse_request(job, Verify::full);
  return request ? "accepted" : request.error().reason;
}

TEST(Request, TakesReferencesSeparatedByCommasOrBlanksAndDropsDuplicates) {
  const auto request = worker::parse_request(
      job_with({{"accounts", " Organization/a,Practitioner/b  Organization/a\n,Organization/c"}}), Verify::full);
  ASSERT_TRUE(request);
  EXPECT_EQ(worker::references_json(request->accounts), R"(["Organization/a","Practitioner/b","Organization/c"])");
}

TEST(Request, TakesAnEmptyListAsTheWishToRemoveAll) {
  const auto request = worker::parse_request(job_with({{"accounts", ""}, {"propagate", "true"}}), Verify::full);
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->accounts.empty());
  EXPECT_TRUE(request->sweeps());
}

TEST(Request, RefusesAJobThatForgotItsAccounts) {
  EXPECT_EQ(error_of(job_with({})), "accounts: missing (give it empty to remove all accounts)");
}

TEST(Request, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(error_of(job_with({{"accounts", ""}}, "Patient/..")), "target: must be a reference like Patient/123");
  EXPECT_EQ(error_of(job_with({{"accounts", ""}}, "Patient/1/../2")), "target: must be a reference like Patient/123");
  EXPECT_EQ(error_of(job_with({{"accounts", "Organization/a?b"}})),
            "accounts: 'Organization/a?b' is not a reference like Organization/123");
  EXPECT_EQ(error_of(job_with({{"accounts", ""}, {"propagate", "yes"}})), "propagate: must be true or false");
  EXPECT_EQ(error_of(job_with({{"accounts", ""}, {"dryRun", "1"}})), "dryRun: must be true or false");
  EXPECT_EQ(error_of(job_with({{"accounts", ""}, {"verify", "some"}})), "verify: must be full or none");
}

TEST(Request, DropsATraceThatIsNone) {
  const auto request =
      worker::parse_request(job_with({{"accounts", ""}, {"traceparent", "00-a\r\nX: y"}}), Verify::full);
  ASSERT_TRUE(request) << request.error().reason;
  EXPECT_EQ(request->traceparent, "");
}

TEST(Request, ReadsParametersInsteadOfAccounts) {
  const auto request = worker::parse_request(
      job_with({{"parameters",
                 R"({"resourceType":"Parameters","parameter":[{"name":"accounts","valueReference":{"reference":)"
                 R"("Organization/a","display":"A"}},{"name":"propagate","valueBoolean":true}]})"}}),
      Verify::full);
  ASSERT_TRUE(request) << request.error().reason;
  ASSERT_EQ(request->accounts.size(), 1u);
  EXPECT_EQ(request->accounts[0].json, R"({"reference":"Organization/a","display":"A"})");
  EXPECT_TRUE(request->propagate);
}

TEST(Request, NamesTheFieldOnceWhereParametersAreWrong) {
  EXPECT_EQ(error_of(job_with({{"parameters", "{}"}})), "parameters: not a Parameters resource");
}

TEST(Request, RefusesBothFormsAtOnce) {
  EXPECT_EQ(error_of(job_with({{"accounts", ""}, {"parameters", "{}"}})),
            "accounts: give either accounts or parameters, not both");
  EXPECT_EQ(error_of(job_with({{"propagate", "true"}, {"parameters", R"({"resourceType":"Parameters"})"}})),
            "propagate: parameters have their own, give one or the other");
}

TEST(Request, SweepsOnlyForAPatient) {
  const auto request =
      worker::parse_request(job_with({{"accounts", ""}, {"propagate", "true"}}, "Practitioner/1"), Verify::full);
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->propagate);
  EXPECT_FALSE(request->sweeps());
}

TEST(Request, LetsTheJobOverrideTheDaemonsVerify) {
  EXPECT_EQ(worker::parse_request(job_with({{"accounts", ""}}), Verify::none)->verify, Verify::none);
  EXPECT_EQ(worker::parse_request(job_with({{"accounts", ""}, {"verify", "full"}}), Verify::none)->verify,
            Verify::full);
}

}  // namespace
