#include "worker/readiness.h"

#include <algorithm>
#include <chrono>
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

TEST(Readiness, TellsOfOneTroubleMoreAndMoreRarelyHoweverOftenItsReasonChanges) {
  using namespace std::chrono_literals;
  testing::internal::CaptureStderr();
  Readiness readiness;
  const Readiness::Clock::time_point start{24h};
  readiness.note(Part::redis, {}, start);
  readiness.note(Part::fhir, {}, start);
  for (int second = 1; second < 3600; ++second)
    readiness.note(Part::fhir, second % 2 == 0 ? "503 Service Unavailable" : "no answer", start + second * 1s);
  readiness.note(Part::fhir, {}, start + 1h);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_LE(std::ranges::count(said, '\n'), 9) << said;
  EXPECT_TRUE(said.ends_with("ready afterSeconds=3599\n")) << said;
}

TEST(Readiness, TellsAtOnceOfAnotherPartThatIsIll) {
  testing::internal::CaptureStderr();
  Readiness readiness;
  const Readiness::Clock::time_point now{std::chrono::hours(24)};
  readiness.note(Part::redis, "refused", now);
  readiness.note(Part::fhir, "no answer", now);
  readiness.note(Part::redis, {}, now);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(said, '\n'), 3) << said;
  EXPECT_TRUE(said.ends_with("why=\"no answer\"\n")) << said;
}

TEST(Readiness, SaysNothingTwiceWhenAPartIsFoundWellBesideOneThatIsIll) {
  testing::internal::CaptureStderr();
  Readiness readiness;
  readiness.note(Part::fhir, "no answer");
  readiness.note(Part::redis, {});
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(said, '\n'), 1) << said;
}

}  // namespace
}  // namespace worker
