#include <csignal>
#include <filesystem>
#include <set>
#include <sstream>

#include "tests/worker/e2e/end_to_end.h"

namespace {

using namespace std::chrono_literals;
using test::organization;

/// Workers whose log nobody reads.
class UnreadLog : public test::EndToEnd {
 protected:
  std::string completed() { return redis({"HGET", "{set-accounts}:stats", "completed"}).text; }
  void enqueue_jobs(int count) {
    const auto seeded = seed({.members = 1});
    for (int i = 0; i < count; ++i)
      enqueue({"target", seeded.target, "accounts", organization(static_cast<unsigned>(i % 5))});
  }
  test::Fields command() const {
    return {SET_ACCOUNTS_PROGRAM, "worker",
            "--redis-url",        redis_server.url(),
            "--fhir-url",         server.fhir_url(),
            "--listen",           "",
            "--log-format",       "json"};
  }
};

TEST_F(UnreadLog, HoldsUpNoJobAndHasEachLineWholeAndEachAuditLineOnceSomebodyReads) {
  enqueue_jobs(150);  // of which each writes more than 1 kB; a pipe takes 64
  test::ChildProcess process(command());
  ASSERT_TRUE(until([&] { return completed() == "150"; })) << completed();
  EXPECT_GT(redis({"ZCARD", "{set-accounts}:unaudited"}).number, 50) << "what could not be written waits in Redis";

  ASSERT_TRUE(until([&] {
    process.wait_for_output("\x01", 20ms);
    return redis({"ZCARD", "{set-accounts}:unaudited"}).number == 0;
  }));
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  std::set<std::string> audited;
  std::istringstream log(process.err());
  for (std::string line; std::getline(log, line);) {
    EXPECT_TRUE(line.starts_with("{\"time\":") && line.ends_with('}')) << line;
    const std::size_t job = line.find("\"job\":\"");
    if (line.find("\"level\":\"audit\"") != std::string::npos)
      audited.insert(line.substr(job, line.find(',', job) - job));
  }
  EXPECT_EQ(audited.size(), 150U);
}

TEST_F(UnreadLog, EndsNoWorkerWhenItsReaderIsGone) {
  enqueue_jobs(3);
  test::Fields behind_pipe{"bash", "-c", "exec 2> >(true); wait $!; exec \"$0\" \"$@\""};
  const test::Fields program = command();
  behind_pipe.insert(behind_pipe.end(), program.begin(), program.end());
  test::ChildProcess process(behind_pipe);
  ASSERT_TRUE(until([&] { return completed() == "3"; }));
  EXPECT_EQ(redis({"ZCARD", "{set-accounts}:unaudited"}).number, 3) << "for a worker whose log is read";
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
}

TEST_F(UnreadLog, GoesNowhereIfStderrIsClosedAndNotIntoASocketInItsPlace) {
  enqueue_jobs(3);
  test::Fields closed{"sh", "-c", "exec \"$0\" \"$@\" <&- >&- 2>&-"};
  const test::Fields program = command();
  closed.insert(closed.end(), program.begin(), program.end());
  test::ChildProcess process(closed);
  ASSERT_TRUE(until([&] { return completed() == "3"; }));
  const std::string fds = "/proc/" + std::to_string(process.pid()) + "/fd/";
  for (const char* fd : {"0", "1", "2"}) EXPECT_EQ(std::filesystem::read_symlink(fds + fd), "/dev/null");
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
}

}  // namespace
