#include "config/duration.h"

#include <gtest/gtest.h>

namespace config {
namespace {

using std::chrono::milliseconds;

TEST(Duration, IsAWholeNumberAndAUnit) {
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("10s"), milliseconds(10'000));
  EXPECT_EQ(parse_duration("5m"), milliseconds(300'000));
  EXPECT_EQ(parse_duration("12h"), milliseconds(43'200'000));
  EXPECT_EQ(parse_duration("7d"), milliseconds(604'800'000));
  EXPECT_EQ(parse_duration("0s"), milliseconds(0));
}

TEST(Duration, IsNothingElse) {
  for (const char* text :
       {"", "10", "s", "-5s", "+5s", " 5s", "5 s", "5s ", "1.5s", "5S", "5sec", "1h30m", "0x5s", "5us"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(Duration, RefusesWhatWouldOverflow) {
  EXPECT_EQ(parse_duration("36525d"), milliseconds(3'155'760'000'000));
  EXPECT_EQ(parse_duration("36526d"), std::nullopt);
  EXPECT_EQ(parse_duration("3155760000001ms"), std::nullopt);
  EXPECT_EQ(parse_duration("99999999999999999999s"), std::nullopt);
}

TEST(Duration, IsShownInTheLargestExactUnit) {
  for (const char* text : {"0s", "1ms", "1500ms", "90s", "5m", "12h", "7d"})
    EXPECT_EQ(text_of(*parse_duration(text)), text);
  EXPECT_EQ(text_of(milliseconds(60'000)), "1m");
}

}  // namespace
}  // namespace config
