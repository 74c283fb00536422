#include "config/size.h"

#include <gtest/gtest.h>

namespace config {
namespace {

TEST(Size, IsAWholeNumberAndAUnit) {
  EXPECT_EQ(parse_size("500kB"), 500'000U);
  EXPECT_EQ(parse_size("64MB"), 64'000'000U);
  EXPECT_EQ(parse_size("1GB"), 1'000'000'000U);
  EXPECT_EQ(parse_size("8KiB"), 8192U);
  EXPECT_EQ(parse_size("64MiB"), 67'108'864U);
  EXPECT_EQ(parse_size("1GiB"), 1'073'741'824U);
  EXPECT_EQ(parse_size("7B"), 7U);
}

TEST(Size, IsNothingElse) {
  for (const char* text :
       {"", "64", "MB", "-1MB", "+1MB", " 1MB", "1 MB", "1MB ", "1.5MB", "1mb", "1Mb", "1M", "0x1MB"})
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
}

TEST(Size, RefusesWhatWouldOverflow) {
  EXPECT_EQ(parse_size("1000GB"), 1'000'000'000'000U);
  EXPECT_EQ(parse_size("1001GB"), std::nullopt);
  EXPECT_EQ(parse_size("99999999999999999999B"), std::nullopt);
}

TEST(Size, IsShownInTheLargestExactUnit) {
  for (const char* text : {"0B", "1B", "1500kB", "64MB", "64MiB", "1GB", "3GiB"})
    EXPECT_EQ(size_text(*parse_size(text)), text);
}

}  // namespace
}  // namespace config
