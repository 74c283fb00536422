#include "worker/service/notices.h"

#include <gtest/gtest.h>

namespace worker::service {
namespace {

using namespace std::chrono_literals;

constexpr Notices::Clock::time_point start{1h};

Condition ready(std::size_t running) {
  return {.ready = true, .trouble = {}, .stopping = false, .running = running, .slots = 8, .stopped = {}};
}

TEST(Notices, SayWhatTheWorkerWaitsForAndOnceThatItIsReady) {
  Notices notices(0us);
  Condition condition{.trouble = "redis does not answer: refused", .slots = 8, .stopped = {}};
  EXPECT_EQ(notices.next(condition, start), "STATUS=waiting: redis does not answer: refused");
  EXPECT_EQ(notices.next(condition, start + 1h), "");
  EXPECT_EQ(notices.next(ready(0), start + 1h), "READY=1\nSTATUS=ready: 0 of 8 jobs running");
  EXPECT_EQ(notices.next(ready(0), start + 2h), "");
  EXPECT_EQ(notices.next(ready(1), start + 2h), "STATUS=ready: 1 of 8 jobs running");
  EXPECT_EQ(notices.next(condition, start + 2h), "STATUS=waiting: redis does not answer: refused");
  EXPECT_EQ(notices.next(ready(0), start + 2h), "STATUS=ready: 0 of 8 jobs running") << "it was told to be ready once";
}

/// systemd takes 4096 bytes, and ignores a message that is longer with all that stands in it.
TEST(Notices, AreNeverTooLongForTheSupervisor) {
  Notices notices(3s);
  std::string words = "redis does not answer: ";
  while (words.size() < 9000) words += "\xC3\xA4\n";
  const std::string message = notices.next({.trouble = words, .slots = 8, .stopped = {}}, start);
  EXPECT_LT(message.size(), 4000U);
  EXPECT_TRUE(message.starts_with("STATUS=waiting: redis does not answer: \xC3\xA4 \xC3\xA4 ")) << message;
  EXPECT_TRUE(message.ends_with("…\nWATCHDOG=1")) << message;
}

TEST(Notices, PingThreeTimesInTheTimeThatTheWatchdogGives) {
  Notices notices(30s);
  int pings = 0;
  for (auto passed = 0ms; passed < 60s; passed += 250ms)
    if (notices.next(ready(0), start + passed).ends_with("WATCHDOG=1")) ++pings;
  EXPECT_EQ(pings, 6);
}

TEST(Notices, PingNoMoreOnceAPartHasStoppedAndAgainWhenItMoves) {
  Notices notices(3s);
  Condition stuck = ready(2);
  stuck.stopped = VitalSigns::Stopped{"the claiming of jobs", "", 46s};
  EXPECT_EQ(notices.next(stuck, start), "READY=1\nSTATUS=stuck: the claiming of jobs has not moved for 46 s");
  EXPECT_EQ(notices.next(stuck, start + 10s), "");
  EXPECT_EQ(notices.next(ready(2), start + 11s), "STATUS=ready: 2 of 8 jobs running\nWATCHDOG=1");
}

TEST(Notices, AskForMoreTimeAsLongAsItDrainsAndMoves) {
  Notices notices(0us);
  notices.next(ready(2), start);
  Condition draining = ready(2);
  draining.stopping = true;
  EXPECT_EQ(notices.next(draining, start), "STOPPING=1\nSTATUS=draining: 2 jobs left\nEXTEND_TIMEOUT_USEC=20000000");
  EXPECT_EQ(notices.next(draining, start + 1s), "");
  EXPECT_EQ(notices.next(draining, start + 2s), "EXTEND_TIMEOUT_USEC=20000000");
  draining.running = 1;
  draining.stopped = VitalSigns::Stopped{"x", "", 46s};
  EXPECT_EQ(notices.next(draining, start + 9s), "STATUS=stuck: x has not moved for 46 s");
}

TEST(Notices, NeverSayThatAWorkerIsReadyThatStopsBeforeItWas) {
  Notices notices(0us);
  Condition draining = ready(0);
  draining.stopping = true;
  EXPECT_EQ(notices.next(draining, start).find("READY=1"), std::string::npos);
  EXPECT_EQ(notices.reloading(start), "");
}

TEST(Notices, TellOfAReloadBetweenReadyAndStopping) {
  Notices notices(0us);
  EXPECT_EQ(notices.reloading(start), "") << "a supervisor would take the end of it for the end of the start";
  notices.next(ready(0), start);
  EXPECT_EQ(notices.reloading(start), "RELOADING=1\nMONOTONIC_USEC=3600000000");
  EXPECT_EQ(notices.next(ready(0), start), "READY=1");
  EXPECT_EQ(notices.next(ready(0), start), "");
}

TEST(Notices, KeepTheStatusOneLineWhateverServersSay) {
  Notices notices(0us);
  const Condition condition{.trouble = "a\nREADY=1\x1b[2J", .slots = 8, .stopped = {}};
  EXPECT_EQ(notices.next(condition, start), "STATUS=waiting: a READY=1 [2J");
}

}  // namespace
}  // namespace worker::service
