#include "worker/service/vital_signs.h"

#include <gtest/gtest.h>

namespace worker::service {
namespace {

using namespace std::chrono_literals;

/// Looks at signs four times a second, as the daemon does.
class VitalSignsTest : public testing::Test {
 protected:
  void pass(VitalSigns::Clock::duration time) {
    for (const auto end = now + time; now < end; now += 250ms) signs.look(now);
    signs.look(now);
  }
  std::string stopped() const { return signs.stopped() ? signs.stopped()->part : ""; }

  VitalSigns signs{10s};
  VitalSigns::Clock::time_point now{1h};
};

TEST_F(VitalSignsTest, AreWellWhileEachPartMovesWithinItsBound) {
  VitalSign upkeep(signs, "upkeep");
  VitalSign slow(signs, "slow", 30s, {});
  for (int i = 0; i < 6; ++i) {
    pass(9s);
    upkeep.moved();
    if (i % 2 == 0) slow.moved();
    EXPECT_EQ(stopped(), "");
  }
}

TEST_F(VitalSignsTest, NameThePartThatStoppedAndForHowLong) {
  VitalSign upkeep(signs, "upkeep");
  VitalSign claims(signs, "claims");
  for (int i = 0; i < 4; ++i) {
    pass(5s);
    upkeep.moved();
  }
  ASSERT_EQ(stopped(), "claims");
  EXPECT_EQ(signs.stopped()->still, 20s);
  claims.moved();
  pass(250ms);
  EXPECT_EQ(stopped(), "");
}

TEST_F(VitalSignsTest, ExpectNothingOfAPartThatHasNothingToDo) {
  bool waits = true;
  VitalSign claims(signs, "claims", [&] { return !waits; });
  pass(1h);
  EXPECT_EQ(stopped(), "");
  waits = false;
  pass(9s);
  EXPECT_EQ(stopped(), "") << "its time begins when it is expected to move";
  pass(2s);
  EXPECT_EQ(stopped(), "claims");
}

TEST_F(VitalSignsTest, FindNothingOldAfterTheWholeProcessWasFrozen) {
  VitalSign upkeep(signs, "upkeep");
  pass(5s);
  now += 1h;
  pass(2s);
  EXPECT_EQ(stopped(), "");
  pass(5s);
  EXPECT_EQ(stopped(), "upkeep") << "nothing moved since it goes on";
}

TEST_F(VitalSignsTest, ForgetAPartThatHasEnded) {
  {
    VitalSign lease(signs, "the lease of job 1-0");
    pass(11s);
    EXPECT_EQ(stopped(), "the lease of job 1-0");
  }
  pass(250ms);
  EXPECT_EQ(stopped(), "");
}

}  // namespace
}  // namespace worker::service
