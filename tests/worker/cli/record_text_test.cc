#include "worker/cli/record_text.h"

#include <gtest/gtest.h>

#include "worker/record_json.h"

namespace worker::cli {
namespace {

TEST(RecordJson, HasNumbersBooleansAndJsonAsSuch) {
  const queue::Record record{.id = "17-0",
                             .fields = {{"accounts", R"(["Organization/a"])"},
                                        {"attempt", "2"},
                                        {"batch", "7"},
                                        {"output", R"({"resourceType":"Parameters"})"},
                                        {"priority", "-5"},
                                        {"propagate", "true"},
                                        {"resourcesUpdated", "12"},
                                        {"state", "completed"}}};
  EXPECT_EQ(json_of(record, {}), R"({"id":"17-0","accounts":["Organization/a"],"attempt":2,"batch":"7",)"
                                 R"("output":{"resourceType":"Parameters"},"priority":-5,"propagate":true,)"
                                 R"("resourcesUpdated":12,"state":"completed"})");
}

TEST(RecordJson, IsJsonWhateverAProducerWrote) {
  const queue::Record record{.id = "17-0",
                             .fields = {{"accounts", "Organization/a,x"},
                                        {"attempt", "01"},
                                        {"output", std::string(100'000, '[')},
                                        {"priority", "1e400"},
                                        {"propagate", "yes"},
                                        {"requestedBy", "\xFF\n"}}};
  const std::string json = json_of(record, {});
  EXPECT_NE(json.find(R"("accounts":"Organization/a,x","attempt":"01","output":"[[[)"), std::string::npos);
  EXPECT_TRUE(json.ends_with("\"priority\":\"1e400\",\"propagate\":\"yes\",\"requestedBy\":\"\xEF\xBF\xBD\\n\"}"));
}

TEST(RecordJson, CarriesTheFailures) {
  const queue::Record record{.id = "17-0", .fields = {{"state", "failed"}}};
  EXPECT_EQ(json_of(record, {R"({"reference":"Observation/1","status":403})", "cut {"}),
            R"({"id":"17-0","state":"failed","failures":[{"reference":"Observation/1","status":403},"cut {"]})");
}

TEST(BatchJson, IsCounts) {
  EXPECT_EQ(json_of("night", {{"jobs", "2"}, {"completed", "1"}}), R"({"batch":"night","completed":1,"jobs":2})");
}

TEST(RecordText, ShowsWhatThereIsALineEach) {
  const queue::Record record{.id = "17-0",
                             .fields = {{"state", "failed"},
                                        {"target", "Patient/1"},
                                        {"attempt", "2"},
                                        {"maxAttempts", "10"},
                                        {"worker", "w1"},
                                        {"error", "no\x1b[31m"}}};
  EXPECT_EQ(text_of(record),
            "17-0  failed  attempt 2\n"
            "target      Patient/1\n"
            "accounts    none\n"
            "attempt     2 of 10, worker w1\n"
            "error       no [31m\n");
}

TEST(Time, IsLocalToTheSecond) {
  setenv("TZ", "UTC", 1);
  tzset();
  EXPECT_EQ(time_text(1'700'000'000'999), "2023-11-14 22:13:20");
  EXPECT_EQ(time_text(0), "");
}

}  // namespace
}  // namespace worker::cli
