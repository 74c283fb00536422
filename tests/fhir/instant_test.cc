#include "fhir/instant.h"

#include <gtest/gtest.h>

namespace {

using fhir::instant_before;
using namespace std::chrono_literals;

TEST(Instant, IsWrittenAsFhirHasItAndNeverBeyondItsYears) {
  EXPECT_EQ(fhir::instant_text(fhir::Instant(1'767'225'600'345ms)), "2026-01-01T00:00:00.345Z");
  EXPECT_EQ(fhir::instant_text(fhir::Instant(9'000'000'000'000'000'000ms)), "9999-12-31T00:00:00.000Z");
  EXPECT_EQ(fhir::instant_text(fhir::Instant(-9'000'000'000'000'000'000ms)), "0001-01-01T00:00:00.000Z");
}

TEST(Instant, GoesBackOverMinutesDaysAndYears) {
  EXPECT_EQ(instant_before("2026-08-12T10:11:12.345Z", 10s), "2026-08-12T10:11:02.345Z");
  EXPECT_EQ(instant_before("2026-01-01T00:00:05Z", 10s), "2025-12-31T23:59:55.000Z");
  EXPECT_EQ(instant_before("2024-03-01T00:00:00.000Z", 1ms), "2024-02-29T23:59:59.999Z");
}

TEST(Instant, UnderstandsZonesAndFractionsOfAnyLength) {
  EXPECT_EQ(instant_before("2026-08-12T12:00:00.5+02:00", 0s), "2026-08-12T10:00:00.500Z");
  EXPECT_EQ(instant_before("2026-08-11T22:30:00.123456789-01:30", 0s), "2026-08-12T00:00:00.123Z");
}

TEST(Instant, SaysNothingForWhatIsNoInstant) {
  for (const std::string text : {"", "2026", "2026-08-12", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
                                 "2026-08-12T10:11:12", "2026-08-12T10:11:12Zx", "x026-08-12T10:11:12Z"})
    EXPECT_FALSE(instant_before(text, 1s)) << text;
}

}  // namespace
