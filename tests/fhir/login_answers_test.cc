#include <gtest/gtest.h>

#include "fhir/self_description.h"
#include "fhir/token_answer.h"

namespace {

using namespace fhir;
using namespace std::chrono_literals;

TEST(TokenAnswer, HasTokenAndLife) {
  const auto answer = parse_token_answer(R"({"access_token":"abc.def","token_type":"Bearer","expires_in":1800})");
  EXPECT_EQ(answer.access_token, "abc.def");
  EXPECT_EQ(answer.expires_in, 1800s);
}

TEST(TokenAnswer, TakesNoTokenThatCouldBeMoreThanOneHeader) {
  EXPECT_EQ(parse_token_answer(R"({"access_token":"a\r\nX: y"})").access_token, "");
  EXPECT_EQ(parse_token_answer(R"({"access_token":17})").expires_in, 300s);
  EXPECT_EQ(parse_token_answer("<html>").access_token, "");
}

TEST(TokenAnswer, BoundsALifeBeyondReason) {
  EXPECT_EQ(parse_token_answer(R"({"access_token":"a","expires_in":-1})").expires_in, 1s);
  EXPECT_EQ(parse_token_answer(R"({"access_token":"a","expires_in":1e300})").expires_in, 24h);
}

TEST(TokenAnswer, TellsTheErrorInOnePrintableLine) {
  const auto answer =
      parse_token_answer(R"({"error":"invalid_request","error_description":"Invalid\n\u001b[31msecret"})");
  EXPECT_EQ(answer.error, "Invalid??[31msecret");
  EXPECT_EQ(parse_token_answer(R"({"error":"invalid_request"})").error, "invalid_request");
}

TEST(RenewalAfter, IsAtFourFifthsOrAMinuteBeforeTheEnd) {
  EXPECT_EQ(renewal_after(3600s), 3540s);
  EXPECT_EQ(renewal_after(60s), 48s);
  EXPECT_EQ(renewal_after(1s), 800ms);
}

TEST(SelfDescription, TellsAnAdmin) {
  EXPECT_TRUE(parse_self_description(R"({"membership":{"admin":true},"project":{}})")->admin);
  EXPECT_TRUE(parse_self_description(R"({"membership":{"id":"m"},"project":{"superAdmin":true}})")->admin);
  EXPECT_FALSE(parse_self_description(R"({"membership":{"id":"m"},"project":{"id":"p"}})")->admin);
  EXPECT_FALSE(parse_self_description(R"({"membership":{"id":"m","admin":false}})")->admin);
}

TEST(SelfDescription, TellsWhoItIs) {
  const auto profile = [](const std::string& membership) {
    return parse_self_description(R"({"membership":)" + membership + "}")->profile;
  };
  EXPECT_EQ(profile(R"({"id":"m","profile":{"reference":"Practitioner/1"}})"), "Practitioner/1");
  EXPECT_EQ(profile(R"({"id":"m"})"), "ProjectMembership/m");
  EXPECT_EQ(profile(R"({"id":"m","profile":{"reference":"x\ny"}})"), "ProjectMembership/m");
  EXPECT_EQ(profile(R"({"id":"../m"})"), "");
}

TEST(SelfDescription, IsNothingElse) {
  for (const char* body : {"", "{}", "[]", "null", "<html>", R"({"resourceType":"OperationOutcome"})"}) {
    EXPECT_FALSE(parse_self_description(body)) << body;
  }
}

TEST(SelfDescription, WarnsOfAPolicyThatMayHideTypes) {
  const auto hides = [](const std::string& policy) {
    return parse_self_description(R"({"membership":{"admin":true})" + policy + "}")->may_not_see_all;
  };
  EXPECT_FALSE(hides(""));
  EXPECT_FALSE(hides(R"(,"accessPolicy":null)"));
  EXPECT_FALSE(hides(R"(,"accessPolicy":{"resource":[{"resourceType":"Patient"},{"resourceType":"*"}]})"));
  EXPECT_TRUE(hides(R"(,"accessPolicy":{"resource":[{"resourceType":"Patient"}]})"));
  EXPECT_TRUE(hides(R"(,"accessPolicy":{"resource":[{"resourceType":"*","criteria":"*?_compartment=x"}]})"));
  EXPECT_TRUE(hides(R"(,"accessPolicy":{"resourceType":"AccessPolicy"})"));
}

TEST(Software, IsNameAndVersion) {
  EXPECT_EQ(parse_software(R"({"software":{"name":"medplum","version":"5.1.29-abc"}})"), "medplum 5.1.29-abc");
  EXPECT_EQ(parse_software(R"({"software":{"version":"7"}})"), "7");
  EXPECT_EQ(parse_software("no"), "");
}

}  // namespace
