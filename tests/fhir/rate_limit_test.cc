#include "fhir/rate_limit.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace {

using namespace fhir;
using namespace std::chrono_literals;

const RateLimit requests{"requests", 59999, 60s};
const RateLimit interactions{"fhirInteractions", 49894, 42s};

TEST(RateLimits, ReadsTwoLimitsJoinedByAComma) {
  EXPECT_EQ(parse_rate_limits(R"("requests";r=59999;t=60, "fhirInteractions";r=49894;t=42)"),
            (std::vector{requests, interactions}));
}

TEST(RateLimits, ReadsAnyOrderSpacesAndUnknownParameters) {
  for (const std::string header :
       {R"("fhirInteractions";t=42;r=49894)", R"( "fhirInteractions" ; r = 49894 ;t= 42 ,)",
        R"(fhirInteractions;q=50000;r=49894;w=60;t=42)", R"(,,"fhirInteractions";r=49894;t=42;pk=:abc:)"}) {
    EXPECT_EQ(parse_rate_limits(header), std::vector{interactions}) << header;
  }
}

TEST(RateLimits, LeavesOutWhatCannotBeRead) {
  for (const std::string header :
       {"", ";", ",", "\"a\"", "\"a\";r=1", "\"a\";t=1", "\"a\";r=-1;t=1", "\"a\";r=x;t=1", "\"a\";r=1.5;t=1",
        "\"\";r=1;t=1", "\"a\";r=99999999999999999999999;t=1", "\"a\";r=;t="}) {
    EXPECT_TRUE(parse_rate_limits(header).empty()) << header;
  }
  EXPECT_EQ(parse_rate_limits(R"("x";r=bad;t=1,"fhirInteractions";r=49894;t=42)"), std::vector{interactions});
}

TEST(RateLimits, SurvivesAnything) {
  std::minstd_rand random(1);
  constexpr std::string_view alphabet = "\"r=t;, 0129afx\t\\";
  for (int i = 0; i < 20'000; ++i) {
    std::string header(random() % 40, ' ');
    for (char& c : header) c = alphabet[random() % alphabet.size()];
    for (const auto& limit : parse_rate_limits(header)) {
      EXPECT_GE(limit.remaining, 0);
      EXPECT_GE(limit.reset, 0s);
      EXPECT_LE(limit.reset, 1'000'000'000s);
    }
  }
}

const auto now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 21) + 9h;

TEST(RetryAfter, ReadsSeconds) {
  EXPECT_EQ(parse_retry_after("120", now), 120s);
  EXPECT_EQ(parse_retry_after(" 0 ", now), 0s);
}

TEST(RetryAfter, ReadsADate) {
  EXPECT_EQ(parse_retry_after("Sat, 21 Nov 2026 09:01:30 GMT", now), 90s);
  EXPECT_EQ(parse_retry_after("Sat, 21 Nov 2026 08:00:00 GMT", now), 0s);
}

TEST(RetryAfter, NeverNamesATimeThatAClockCannotCount) {
  EXPECT_EQ(parse_retry_after("Fri, 31 Dec 9999 23:59:59 GMT", now), 1'000'000'000s);
  EXPECT_EQ(parse_retry_after("9999999999999", now), 1'000'000'000s);
}

TEST(RetryAfter, LeavesOutWhatCannotBeRead) {
  for (const std::string text :
       {"", "soon", "-5", "-0", "1.5", "Sat, 21 Nov 2026 09:01:30 CET", "Sat, 31 Feb 2026 09:01:30 GMT",
        "Sat, 21 Nov 2026 24:01:30 GMT", "Sat, 21 Xyz 2026 09:01:30 GMT"}) {
    EXPECT_FALSE(parse_retry_after(text, now)) << text;
  }
}

}  // namespace
