#include <csignal>
#include <pty.h>
#include <unistd.h>

#include "tests/worker/cli/program.h"

namespace worker::cli {
namespace {

class Watch : public test::Program {
 protected:
  std::unique_ptr<test::ChildProcess> watching(const std::string& id) { return started({"status", id, "--watch"}); }
};

TEST_F(Watch, FollowsAJobFromTheInboxToItsEnd) {
  const std::string id = enqueued();
  const auto watch = watching(id);
  ASSERT_TRUE(watch->wait_for_output("waiting for a worker\n")) << watch->out() << watch->err();

  write_record(id, {{"state", "running"},
                    {"phase", "sweep"},
                    {"pass", "1"},
                    {"resourcesTotal", "10"},
                    {"resourcesUpdated", "4"},
                    {"resourcesWritten", "3"}});
  ASSERT_TRUE(watch->wait_for_output("sweep 1  4/10 seen  3 written")) << watch->out() << watch->err();
  write_record(id, {{"state", "completed"}, {"resourcesUpdated", "10"}, {"resourcesWritten", "9"}});

  EXPECT_EQ(watch->wait(), 0);
  EXPECT_NE(watch->out().find("completed: 10 resources are as requested (9 written"), std::string::npos)
      << watch->out();
}

TEST_F(Watch, OfAJobThatFailsEndsWith1AndTheFirstFailures) {
  write_record("17-0", {{"state", "failed"}, {"error", "1 of 2 resources failed"}});
  redis(
      {"RPUSH", record_key("17-0") + ":failures", R"({"reference":"Observation/1","status":403,"diagnostics":"no"})"});
  const auto watch = watching("17-0");
  EXPECT_EQ(watch->wait(), 1);
  EXPECT_EQ(watch->out(), "failed: 1 of 2 resources failed\n  Observation/1  403  no\n");
}

bool can_make_a_terminal() {
  int master = -1;
  int slave = -1;
  if (::openpty(&master, &slave, nullptr, nullptr, nullptr) != 0) return false;
  ::close(master);
  ::close(slave);
  return true;
}

TEST_F(Watch, OnATerminalDrawsOneLineOverAndOver) {
  if (!can_make_a_terminal()) GTEST_SKIP() << "no pseudo-terminal can be made here: /dev/pts is not mounted";
  write_record("17-0", {{"state", "running"}, {"phase", "plan"}});
  // script(1) gives the program a terminal of its own.
  test::ChildProcess watch({"script", "-qec", SET_ACCOUNTS_PROGRAM " status 17-0 --watch", "/dev/null"}, environment());
  ASSERT_TRUE(watch.wait_for_output("\r\x1b[Kplan\r\x1b[Kplan")) << watch.out() << watch.err();
  write_record("17-0", {{"state", "cancelled"}});
  EXPECT_EQ(watch.wait(), 1);
  EXPECT_NE(watch.out().find("\r\x1b[Kcancelled"), std::string::npos);
}

TEST_F(Watch, InterruptedSaysThatTheJobGoesOn) {
  const auto watch = started({"enqueue", "Patient/1", "--account", "", "--watch"});
  ASSERT_TRUE(watch->wait_for_output("waiting for a worker")) << watch->out() << watch->err();
  watch->signal(SIGINT);
  EXPECT_EQ(watch->wait(), 130);
  EXPECT_NE(watch->err().find("interrupted; the job goes on (set-accounts status "), std::string::npos) << watch->err();
  EXPECT_EQ(redis({"XLEN", "{set-accounts}:inbox"}), "1");
}

TEST_F(Watch, SaysThatTheRecordIsGone) {
  write_record("17-0", {{"state", "running"}, {"phase", "plan"}});
  const auto watch = watching("17-0");
  ASSERT_TRUE(watch->wait_for_output("plan")) << watch->out() << watch->err();
  redis({"DEL", record_key("17-0")});
  EXPECT_EQ(watch->wait(), 1);
  EXPECT_EQ(watch->err(),
            "set-accounts: the record of job 17-0 is gone: it expired or was deleted, its end is unknown\n");
}

TEST_F(Watch, BearsARestartOfRedis) {
  write_record("17-0", {{"state", "running"}, {"phase", "plan"}});
  const auto watch = watching("17-0");
  ASSERT_TRUE(watch->wait_for_output("plan")) << watch->out() << watch->err();
  redis_.kill();
  ASSERT_TRUE(watch->wait_for_output("Redis does not answer")) << watch->out() << watch->err();
  redis_.restart();
  write_record("17-0", {{"state", "completed"}});
  EXPECT_EQ(watch->wait(), 0);
}

TEST_F(Watch, OfManyTargetsFollowsTheirBatch) {
  const auto watch = started({"enqueue", "--from", "-", "--account", "Organization/a", "--batch", "night", "--watch"});
  watch->feed("Patient/1\nPatient/2\n");
  watch->close_stdin();
  ASSERT_TRUE(watch->wait_for_output("batch  0/2 jobs  2 waiting for a worker")) << watch->out() << watch->err();
  const std::string key = "{set-accounts}:batch:night";
  redis({"HSET", key, "jobs", "1", "completed", "1"});
  ASSERT_TRUE(watch->wait_for_output("batch  1/2 jobs  1 waiting for a worker")) << watch->out() << watch->err();
  redis({"HSET", key, "jobs", "2", "failed", "1"});
  EXPECT_EQ(watch->wait(), 1);
  EXPECT_NE(watch->out().find("2 jobs: 1 completed, 1 failed, 0 cancelled"), std::string::npos) << watch->out();
}

TEST_F(Watch, OfABatchCountsOnlyWhatItAdded) {
  redis({"HSET", "{set-accounts}:batch:night", "jobs", "1", "failed", "1"});
  const auto watch = started({"enqueue", "--from", "-", "--account", "Organization/a", "--batch", "night", "--watch"});
  watch->feed("Patient/1\n");
  watch->close_stdin();
  ASSERT_TRUE(watch->wait_for_output("1 waiting for a worker")) << watch->out() << watch->err();
  redis({"HSET", "{set-accounts}:batch:night", "jobs", "2", "completed", "1"});
  EXPECT_EQ(watch->wait(), 0) << watch->out();
}

}  // namespace
}  // namespace worker::cli
