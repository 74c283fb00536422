#include "tests/soak/flat.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace soak {
namespace {

Series series(double (*at)(int)) {
  Series series{.name = "size", .unit = "KiB", .may_grow = 0.03, .may_add = 1};
  for (int i = 0; i < 300; ++i) series.values.push_back(at(i));
  return series;
}

TEST(Flat, IsWhatGrowsAtFirstAndThenSwingsAboutItsSize) {
  EXPECT_TRUE(trend_of(series([](int i) { return i < 90 ? 100.0 + i : 200.0 + i % 7; })).flat);
}

TEST(Flat, IsWhatHasASpikeNowAndThen) {
  EXPECT_TRUE(trend_of(series([](int i) { return i % 50 == 0 ? 900.0 : 200.0; })).flat);
}

TEST(Flat, IsNotWhatGrowsAlittleAllTheTime) {
  const Series leaking = series([](int i) { return 200.0 + i * 0.1; });
  EXPECT_FALSE(trend_of(leaking).flat);
  EXPECT_NE(shown(leaking).find("WRONG"), std::string::npos);
}

TEST(Flat, IsNotWhatBeginsToGrowLate) {
  EXPECT_FALSE(trend_of(series([](int i) { return i < 200 ? 200.0 : i * 2.0; })).flat);
}

TEST(Flat, TakesThreeMeasurementsToTell) {
  EXPECT_THROW(trend_of({.name = "size", .unit = "KiB", .values = {1, 2}}), std::invalid_argument);
}

}  // namespace
}  // namespace soak
