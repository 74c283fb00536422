#include "worker/readiness.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace worker {
namespace {

using Part = Readiness::Part;

TEST(Readiness, BeginsWithNothingKnownAndNothingSaid) {
  testing::internal::CaptureStderr();
  Readiness readiness;
  EXPECT_FALSE(readiness.ready());
  EXPECT_EQ(readiness.why(), "");
  readiness.note(Part::redis, {});
  EXPECT_FALSE(readiness.ready()) << "nobody has asked the FHIR server yet";
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Readiness, NamesAllReasonsAndForgetsThemOneByOne) {
  Readiness readiness;
  readiness.note(Part::fhir, "no token");
  readiness.note(Part::redis, "Connection refused");
  readiness.note(Part::moves, "OOM");
  EXPECT_FALSE(readiness.ready());
  EXPECT_EQ(readiness.why(), "redis does not answer: Connection refused; redis refuses: OOM; no token");
  readiness.note(Part::redis, {});
  readiness.note(Part::fhir, {});
  EXPECT_EQ(readiness.why(), "redis refuses: OOM");
  readiness.note(Part::moves, {});
  EXPECT_TRUE(readiness.ready());
}

TEST(Readiness, SaysEachChangeOnce) {
  testing::internal::CaptureStderr();
  Readiness readiness;
  for (int i = 0; i < 3; ++i) readiness.note(Part::redis, {});
  for (int i = 0; i < 3; ++i) readiness.note(Part::fhir, {});
  for (int i = 0; i < 3; ++i) readiness.note(Part::redis, "gone");
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(said, '\n'), 2) << said;
  EXPECT_LT(said.find(" ready"), said.find("not ready")) << said;
}

}  // namespace
}  // namespace worker
