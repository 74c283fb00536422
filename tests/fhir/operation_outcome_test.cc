#include "fhir/operation_outcome.h"

#include <string>

#include <gtest/gtest.h>

namespace {

using fhir::OperationOutcome;
using fhir::parse_operation_outcome;

OperationOutcome throttled(const std::string& diagnostics, const std::string& extension = "") {
  return parse_operation_outcome(R"({"resourceType":"OperationOutcome","id":"too-many-requests",)" + extension +
                                 R"("issue":[{"severity":"error","code":"throttled",
      "details":{"text":"Too Many Requests"},"diagnostics":")" +
                                 diagnostics + R"("}]})");
}

std::string reset_extension(const std::string& seconds) {
  return R"("extension":[{"url":"x","valueUnsignedInt":1},
      {"url":"https://medplum.com/fhir/StructureDefinition/rate-limit-reset","valueUnsignedInt":)" +
         seconds + "}],";
}

TEST(OperationOutcome, SaysWhatTheIssuesSay) {
  const auto outcome = parse_operation_outcome(R"({"resourceType":"OperationOutcome","id":"conflict","issue":[
      {"details":{"text":"first","coding":[{"code":"40001"}]},"diagnostics":"why"},
      {"diagnostics":"second\nline"},{"severity":"error"},{"details":{"text":"third"}}]})");
  EXPECT_EQ(outcome.id, "conflict");
  EXPECT_EQ(outcome.code, "40001");
  EXPECT_EQ(outcome.text, "first; second line; third");
  EXPECT_EQ(outcome.diagnostics, "why");
  EXPECT_EQ(outcome.reset_seconds, -1);
}

TEST(OperationOutcome, SaysWhenTheRateLimitIsReset) {
  EXPECT_EQ(throttled(R"({\"_remainingPoints\":0,\"_msBeforeNext\":41001,\"limit\":50000})").reset_seconds, 42);
  EXPECT_EQ(throttled(R"({\"msBeforeNext\":2000})").reset_seconds, 2);
  EXPECT_EQ(throttled(R"({\"msBeforeNext\":0})").reset_seconds, 0);
  EXPECT_EQ(throttled(R"({\"msBeforeNext\":2000})", reset_extension("7")).reset_seconds, 7);
}

TEST(OperationOutcome, BelievesNoResetThatIsNone) {
  EXPECT_EQ(throttled("slow down").reset_seconds, -1);
  EXPECT_EQ(throttled("").reset_seconds, -1);
  EXPECT_EQ(throttled(R"({\"msBeforeNext\":-5})").reset_seconds, -1);
  EXPECT_EQ(throttled(R"({\"msBeforeNext\":\"soon\"})").reset_seconds, -1);
  EXPECT_EQ(throttled(R"({\"msBeforeNext\":1e18})").reset_seconds, -1);
  EXPECT_EQ(throttled(R"({\"msBeforeNext\":3000})", reset_extension("\"x\"")).reset_seconds, 3);
}

TEST(OperationOutcome, IsEmptyForABodyThatIsNone) {
  for (const char* body : {"", "Internal Server Error", R"({"msg":"Internal Server Error"})", "[]", "5",
                           R"({"resourceType":"Patient","id":"x"})", R"({"resourceType":"OperationOutcome")"}) {
    const auto outcome = parse_operation_outcome(body);
    EXPECT_EQ(outcome.id + outcome.code + outcome.text + outcome.diagnostics, "") << body;
    EXPECT_EQ(outcome.reset_seconds, -1) << body;
  }
  EXPECT_EQ(parse_operation_outcome(std::string(500'000, '[')).text, "");
}

TEST(OperationOutcome, IsToldFromWhatIsNoneAndFromWhatWasCutShort) {
  const std::string whole = R"({"resourceType":"OperationOutcome"})";
  EXPECT_TRUE(parse_operation_outcome(whole).is_one);
  EXPECT_FALSE(parse_operation_outcome(whole).cut_short);
  for (std::size_t length = 1; length < whole.size(); ++length) {
    const auto outcome = parse_operation_outcome(whole.substr(0, length));
    EXPECT_TRUE(outcome.cut_short && !outcome.is_one) << length;
  }
  for (const char* other : {"", "<html>", R"({"resourceType":"Patient"})"}) {
    const auto outcome = parse_operation_outcome(other);
    EXPECT_FALSE(outcome.cut_short || outcome.is_one) << other;
  }
}

TEST(OperationOutcome, ReadsAsMuchAsIsThere) {
  const auto outcome = parse_operation_outcome(
      R"({"resourceType":"OperationOutcome","id":7,"issue":[{"details":"x","diagnostics":["y"]},{"details":{"text":"z"}}]})");
  EXPECT_EQ(outcome.text, "z");
  EXPECT_EQ(outcome.diagnostics, "");
}

TEST(OperationOutcome, KeepsItsTextShortEnoughForALine) {
  std::string long_text;
  while (long_text.size() < 5000) long_text += "ä";
  const auto outcome = parse_operation_outcome(R"({"resourceType":"OperationOutcome","issue":[{"details":{"text":"x)" +
                                               long_text + R"("}}]})");
  EXPECT_EQ(outcome.text, "x" + long_text.substr(0, 1998) + "…");
}

}  // namespace
