#include "fhir/lone_surrogates.h"

#include <gtest/gtest.h>

#include "fhir/operation_outcome.h"
#include "fhir/page_parser.h"
#include "fhir/parameters.h"

namespace {

std::string replaced(std::string json) {
  fhir::replace_lone_surrogates(json);
  return json;
}

TEST(LoneSurrogates, AreReplacedWhichHalfSoEver) {
  EXPECT_EQ(replaced(R"("half \ud83d")"), R"("half \ufffd")");
  EXPECT_EQ(replaced(R"("\uDE00 and \uDBff\n")"), R"("\ufffd and \ufffd\n")");
  EXPECT_EQ(replaced(R"("\ud83d\ud83d\ude00\ude00")"), R"("\ufffd\ud83d\ude00\ufffd")");
}

TEST(LoneSurrogates, LeaveAllElseAsItIs) {
  for (const std::string json : {R"("\ud83d\ude00")", R"("\\ud83d")", R"("\\\\ud83d \u00e9 \ud7ff \ue000 \uffff")",
                                 "\"äöü😀\"", R"("\ud8)", R"("\ud8xx")", R"("\)", R"("\u)", ""})
    EXPECT_EQ(replaced(json), json);
}

TEST(LoneSurrogates, AfterAnEscapedBackslashAreStillFound) {
  EXPECT_EQ(replaced(R"("\\\ud83d")"), R"("\\\ufffd")");
}

TEST(LoneSurrogates, DoNotMakeAPageUnreadable) {
  for (const std::string half : {"\\ud83d", "\\ude00"}) {
    const auto page = fhir::parse_page(R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Flag","id":"f",
        "note":")" + half + R"(","meta":{"accounts":[{"reference":"Organization/a","display":")" +
                                           half + R"("}]}}}]})",
                                       {"Patient", "p"});
    ASSERT_TRUE(page) << page.error().reason;
    ASSERT_EQ(page->entries.size(), 1U);
    EXPECT_EQ(page->entries[0].accounts.accounts[0].json, R"({"reference":"Organization/a","display":"�"})");
  }
}

TEST(LoneSurrogates, DoNotReachAMessage) {
  EXPECT_EQ(fhir::parse_operation_outcome(
                R"({"resourceType":"OperationOutcome","issue":[{"details":{"text":"bad name: \udc00"}}]})")
                .text,
            "bad name: �");
}

TEST(LoneSurrogates, DoNotSpoilAJob) {
  const auto parameters = fhir::parse_set_accounts_parameters(
      R"({"resourceType":"Parameters","parameter":[{"name":"accounts",
          "valueReference":{"reference":"Organization/a","display":"\ud83d"}}]})");
  ASSERT_TRUE(parameters);
  EXPECT_EQ(parameters->accounts[0].json, R"({"reference":"Organization/a","display":"�"})");
}

}  // namespace
