#include "tests/support/child_process.h"

#include <csignal>
#include <stdexcept>

#include <gtest/gtest.h>

namespace test {
namespace {

using namespace std::chrono_literals;

TEST(ChildProcess, CapturesMuchOfBothStreamsWithoutADeadlock) {
  ChildProcess child({"sh", "-c", "yes out | head -c 3000000; yes err | head -c 3000000 >&2; exit 7"});
  EXPECT_EQ(child.wait(), 7);
  EXPECT_EQ(child.out().size(), 3000000U);
  EXPECT_EQ(child.err().size(), 3000000U);
}

TEST(ChildProcess, IsFedWhileItWrites) {
  const std::string text(2000000, 'x');
  ChildProcess child({"cat"});
  child.feed(text);
  child.close_stdin();
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(child.out(), text);
}

TEST(ChildProcess, GetsItsEnvironmentAndTellsTheSignalThatEndedIt) {
  ChildProcess child({"sh", "-c", "echo $GREETING; exec sleep 60"}, {{"GREETING", "hello"}});
  EXPECT_TRUE(child.wait_for_output("hello"));
  EXPECT_TRUE(child.running());
  child.signal(SIGTERM);
  EXPECT_EQ(child.wait(), 128 + SIGTERM);
  EXPECT_FALSE(child.running());
}

TEST(ChildProcess, IsNotWaitedForWithoutEnd) {
  ChildProcess child({"sleep", "60"});
  EXPECT_THROW(child.wait(50ms), std::runtime_error);
  EXPECT_FALSE(child.wait_for_output("anything", 50ms));
}

TEST(ChildProcess, SaysThatThereIsNoSuchProgram) {
  EXPECT_THROW(ChildProcess({"/no/such/program"}), std::system_error);
}

}  // namespace
}  // namespace test
