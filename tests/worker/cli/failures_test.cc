#include "worker/cli/failures.h"

#include <gtest/gtest.h>

namespace worker::cli {
namespace {

const std::string denied = R"({"reference":"Observation/1","status":403,"diagnostics":"Forbidden\nby policy"})";

TEST(Failures, AreALineEach) {
  EXPECT_EQ(text_of_failures({denied}, 10), "  Observation/1  403  Forbidden by policy\n");
}

TEST(Failures, AreCountedPastTheFirstFew) {
  EXPECT_EQ(text_of_failures({denied, denied, denied}, 1),
            "  Observation/1  403  Forbidden by policy\n  and 2 more (set-accounts status JOB)\n");
}

TEST(Failures, AreShownAsTheyAreWhenTheyAreNotWhatWeExpect) {
  for (const char* odd : {"", "cut {", "[1]", R"({"a":{"b":1}})", "7"})
    EXPECT_EQ(text_of_failures({odd}, 10), "  " + std::string(odd) + "\n");
}

}  // namespace
}  // namespace worker::cli
