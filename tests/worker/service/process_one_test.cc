#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/worker/e2e/end_to_end.h"

namespace {

using namespace std::chrono_literals;

std::vector<pid_t> children_of(pid_t process) {
  const std::string id = std::to_string(process);
  std::ifstream file("/proc/" + id + "/task/" + id + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

/// The program as process 1 of a PID namespace of its own, as in a container without an init. The kernel spares such a
/// process every signal that it does not handle.
class ProcessOne : public test::EndToEnd {
 protected:
  void SetUp() override {
    test::ChildProcess allowed({"unshare", "--pid", "--fork", "true"});
    if (allowed.wait() != 0) GTEST_SKIP() << "this user may make no PID namespace: be root";
  }
  /// `program`: with its arguments. Its process id, as we see it, is in `inner`.
  std::unique_ptr<test::ChildProcess> started(test::Fields program,
                                              std::map<std::string, std::string> environment = {}) {
    test::Fields command{"unshare", "--pid", "--fork"};
    command.insert(command.end(), program.begin(), program.end());
    auto process = std::make_unique<test::ChildProcess>(command, std::move(environment));
    EXPECT_TRUE(until([&] { return children_of(process->pid()).size() == 1; }));
    inner = children_of(process->pid()).at(0);
    return process;
  }
  test::Fields worker_command() const {
    return {SET_ACCOUNTS_PROGRAM, "worker",
            "--redis-url",        redis_server.url(),
            "--fhir-url",         server.fhir_url(),
            "--listen",           "",
            "--log-format",       "text"};
  }
  pid_t inner = -1;
};

TEST_F(ProcessOne, EndsOnSigtermAndOnSigint) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const auto process = started(worker_command());
    ASSERT_TRUE(process->wait_for_output("info    ready")) << process->err();
    ::kill(inner, signal);
    EXPECT_EQ(process->wait(), 0) << process->err();
    EXPECT_TRUE(process->wait_for_output("worker stopped")) << process->err();
  }
}

TEST_F(ProcessOne, EndsOnSigtermWhileItsEmbeddedRedisStillStarts) {
  const test::TempFolder folder;
  const std::filesystem::path redis = folder.path() / "redis-server";
  std::ofstream(redis) << "#!/bin/sh\necho >" << folder.path().string() << "/begun\nexec sleep 100\n";
  std::filesystem::permissions(redis, std::filesystem::perms::owner_all);
  const auto process =
      started({SET_ACCOUNTS_PROGRAM, "worker", "--redis-url", "embedded:" + folder.path().string() + "/r", "--fhir-url",
               server.fhir_url(), "--listen", ""},
              {{"PATH", folder.path().string() + ":/usr/bin:/bin"}});
  ASSERT_TRUE(until([&] { return std::filesystem::exists(folder.path() / "begun"); })) << process->err();
  ::kill(inner, SIGTERM);
  EXPECT_EQ(process->wait(), 0) << process->err();
}

TEST_F(ProcessOne, EndsOnSigtermAsAnyOtherCommandToo) {
  const std::string job = enqueue({"target", "Patient/p", "accounts", "", "delay", "3600000"});
  const auto process = started({SET_ACCOUNTS_PROGRAM, "status", job, "--watch", "--redis-url", redis_server.url()});
  const auto clients = [&] {
    const std::string list = redis({"CLIENT", "LIST"}).text;
    return std::ranges::count(list, '\n');
  };
  ASSERT_TRUE(until([&] { return clients() == 2; })) << "it asks for the job, and we for who asks";
  ::kill(inner, SIGTERM);
  EXPECT_EQ(process->wait(), 130) << process->err();
}

TEST_F(ProcessOne, TakesLeaveOfProcessesThatLostTheirParent) {
  const auto process = started(worker_command());
  ASSERT_TRUE(process->wait_for_output("info    ready")) << process->err();
  const std::string gate = "/proc/" + std::to_string(inner) + "/ns/pid";
  test::ChildProcess visitor({"nsenter", "--pid=" + gate, "sh", "-c", "sleep 0.3 & sleep 0.3 &"});
  ASSERT_EQ(visitor.wait(), 0) << visitor.err();
  ASSERT_TRUE(until([&] { return children_of(inner).size() == 2; })) << "the orphans are its children now";
  EXPECT_TRUE(until([&] { return children_of(inner).empty(); }, 10s)) << "they ended and are zombies";
  EXPECT_TRUE(process->running());
  ::kill(inner, SIGTERM);
  EXPECT_EQ(process->wait(), 0);
}

TEST_F(ProcessOne, TakesLeaveOfWhatAnEntryScriptLeftBehind) {
  test::Fields command{"sh", "-c", "sleep 0 & exec \"$0\" \"$@\""};
  const test::Fields program = worker_command();
  command.insert(command.end(), program.begin(), program.end());
  const auto process = started(command);
  ASSERT_TRUE(process->wait_for_output("info    ready")) << process->err();
  EXPECT_TRUE(until([&] { return children_of(inner).empty(); }, 10s)) << "it is a zombie";
  ::kill(inner, SIGTERM);
  EXPECT_EQ(process->wait(), 0);
}

}  // namespace
