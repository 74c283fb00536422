#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include "tests/worker/e2e/end_to_end.h"
#include "tests/worker/service/supervisor.h"

namespace {

using namespace std::chrono_literals;
using test::organization;

std::ptrdiff_t open_files(pid_t process) {
  const std::filesystem::directory_iterator files("/proc/" + std::to_string(process) + "/fd");
  return std::distance(begin(files), end(files));
}

/// A worker whose settings stand in a file, and what SIGHUP makes of a new one.
class HangUp : public test::EndToEnd {
 protected:
  HangUp() { write("jobs = 1\n"); }

  std::filesystem::path file() const { return folder.path() / "set-accounts.toml"; }
  void write(const std::string& settings) const { std::ofstream(file()) << settings; }
  std::unique_ptr<test::ChildProcess> started(test::Fields options = {}) {
    options.insert(options.end(), {"--config", file().string()});
    auto process = worker(std::move(options), supervisor.environment());
    EXPECT_TRUE(process->wait_for_output("worker started")) << process->err();
    return process;
  }
  /// What the log says of it, the time cut off.
  std::string reload(test::ChildProcess& process) {
    const std::size_t before = process.err().size();
    process.signal(SIGHUP);
    EXPECT_TRUE(until([&] {
      process.wait_for_output("\x01", 20ms);
      return process.err().find("settings ", before) != std::string::npos;
    })) << process.err();
    const std::size_t begin = process.err().find("settings ", before);
    return process.err().substr(begin, process.err().find('\n', begin) - begin);
  }
  /// One-member jobs whose writes hang.
  void enqueue_slow_jobs(int count) {
    server.add_fault({.kind = sandbox::FaultKind::stall, .on = sandbox::RequestKind::patch});
    for (int i = 0; i < count; ++i) {
      const auto seeded =
          seed({.patient = "p" + std::to_string(i), .members = 1, .seed = static_cast<unsigned>(i) + 1});
      enqueue({"target", seeded.target, "accounts", organization(5)});
    }
  }
  bool running(const std::string& jobs) {
    return until([&] { return redis({"HGET", "{set-accounts}:stats", "running"}).text == jobs; });
  }

  test::TempFolder folder;
  test::Supervisor supervisor;
};

TEST_F(HangUp, ChangesHowManyJobsRunAtOnceAndTellsTheSupervisor) {
  enqueue_slow_jobs(4);
  const auto process = started();
  ASSERT_TRUE(running("1")) << process->err();
  ASSERT_TRUE(supervisor.hears("STATUS=ready: 1 of 1 job running")) << supervisor.all();
  supervisor.forget();
  write("jobs = 3\nlog-level = 'debug'\n");
  EXPECT_EQ(reload(*process), R"(settings read again changed="jobs 1 → 3, log-level info → debug")");
  EXPECT_TRUE(running("3")) << process->err();
  EXPECT_TRUE(supervisor.hears_of("MONOTONIC_USEC="));
  EXPECT_TRUE(supervisor.hears("READY=1"));
  EXPECT_EQ(supervisor.lines().at(0), "RELOADING=1") << supervisor.all();

  write("jobs = 2\n");
  EXPECT_EQ(reload(*process), R"(settings read again changed="jobs 3 → 2, log-level debug → info")");
  server.clear_faults();
  server.drop_connections();
  EXPECT_TRUE(until([&] { return redis({"HGET", "{set-accounts}:stats", "completed"}).text == "4"; }))
      << process->err();
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(), 0);
}

TEST_F(HangUp, LeavesAllAsItIsIfTheFileIsWrong) {
  const auto process = started();
  write("jobs = 1\nconcurrency = 2\npage-size = 5\n");
  EXPECT_EQ(reload(*process), "settings not read again: all stay as they are why=\"--page-size (file " +
                                  file().string() + "): '5' is not allowed; it takes a whole number from 20 to 1000\"");
  write("jobs 1");
  EXPECT_NE(reload(*process).find("line 1: this is not key = value"), std::string::npos);
  std::filesystem::remove(file());
  EXPECT_NE(reload(*process).find("is not there any more"), std::string::npos);
  ASSERT_EQ(::mkfifo(file().c_str(), S_IRUSR | S_IWUSR), 0);
  EXPECT_NE(reload(*process).find("no file that can be read twice"), std::string::npos) << "it must not wait for it";
  std::filesystem::remove(file());
  std::filesystem::create_symlink("/proc/self/mem", file());
  EXPECT_NE(reload(*process).find("settings not read again"), std::string::npos) << "it fails while it is read";
  std::filesystem::remove(file());
  write("jobs = 1\nconcurrency = 2\n");
  EXPECT_EQ(reload(*process), "settings read again changed=\"concurrency 16 → 2\"");
}

TEST_F(HangUp, LetsAsManyWritesGoOutAtOnceAsTheNewFileAllows) {
  enqueue_slow_jobs(3);
  write("jobs = 3\nconcurrency = 2\n");
  const auto process = started();
  const auto in_flight = [&](long writes) {
    return until([&] { return server.counters().patches_in_flight == writes; }, 20s);
  };
  ASSERT_TRUE(running("3")) << process->err();
  EXPECT_TRUE(in_flight(2)) << server.counters().patches_in_flight;
  write("jobs = 3\nconcurrency = 5\n");
  reload(*process);
  EXPECT_TRUE(in_flight(3)) << server.counters().patches_in_flight;
}

TEST_F(HangUp, ChangesTheLogsLevelAndSaysSoAtAnyLevel) {
  const auto process = started();
  write("jobs = 1\nlog-level = 'error'\n");
  EXPECT_EQ(reload(*process), "settings read again changed=\"log-level info → error\"");
  write("jobs = 1\n");
  EXPECT_EQ(reload(*process), "settings read again changed=\"log-level error → info\"");
  write("jobs = 1\nlog-level = 'error'\n");
  reload(*process);
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(), 0);
  EXPECT_EQ(process->err().find("stopping"), std::string::npos) << process->err();
}

TEST_F(HangUp, LetsFlagsAndEnvironmentWin) {
  const auto process = started({"--jobs", "5"});
  write("jobs = 2\nlease = '20s'\n");
  EXPECT_EQ(reload(*process), "settings read again changed=nothing needRestart=\"lease 15s → 20s\"");
}

TEST_F(HangUp, NeverEndsAWorkerNeitherBeforeItIsConnectedNorWhileItDrains) {
  server.close();
  redis_server.kill();
  const auto process = started();
  for (int i = 0; i < 5; ++i) process->signal(SIGHUP);
  EXPECT_EQ(reload(*process), "settings read again changed=nothing");
  redis_server.restart();
  server.reopen();
  enqueue_slow_jobs(1);
  ASSERT_TRUE(running("1")) << process->err();
  ASSERT_TRUE(until([&] { return server.counters().patches_in_flight > 0; }));
  process->signal(SIGTERM);
  ASSERT_TRUE(process->wait_for_output("stopping")) << process->err();
  EXPECT_EQ(reload(*process), "settings read again changed=nothing");
  EXPECT_TRUE(process->running());
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(), 0) << process->err();
}

TEST_F(HangUp, ChangesTheGraceOfAWorkerThatRuns) {
  enqueue_slow_jobs(1);
  write("grace = '1h'\n");
  const auto process = started();
  ASSERT_TRUE(until([&] { return server.counters().patches_in_flight > 0; }));
  write("grace = '100ms'\n");
  EXPECT_EQ(reload(*process), "settings read again changed=\"grace 1h → 100ms\"");
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(), 0);
  EXPECT_NE(process->err().find("stopped in a hurry why=\"the grace period is over\""), std::string::npos);
}

TEST_F(HangUp, ChangesTheGraceOfAWorkerThatDrains) {
  enqueue_slow_jobs(1);
  write("grace = '1h'\n");
  const auto process = started();
  ASSERT_TRUE(until([&] { return server.counters().patches_in_flight > 0; }));
  process->signal(SIGTERM);
  ASSERT_TRUE(process->wait_for_output("stopping")) << process->err();
  write("grace = '100ms'\n");
  EXPECT_EQ(reload(*process), "settings read again changed=\"grace 1h → 100ms\"");
  EXPECT_EQ(process->wait(), 0);
  EXPECT_NE(process->err().find("stopped in a hurry why=\"the grace period is over\""), std::string::npos);
}

TEST_F(HangUp, LeavesNoFileOpenHoweverOftenItHappensAndWhateverBreaksMeanwhile) {
  const auto process = started({"--listen", "127.0.0.1:0"});
  ASSERT_TRUE(supervisor.hears("READY=1"));
  const auto ready_again = [&] {
    supervisor.forget();
    return supervisor.hears_of("STATUS=ready", 60s);
  };
  const auto break_both = [&] {
    redis_server.kill();
    server.close();
    EXPECT_TRUE(supervisor.hears_of("STATUS=waiting: redis does not answer")) << supervisor.all();
    redis_server.restart();
    server.reopen();
    server.drop_connections();
  };
  break_both();
  ASSERT_TRUE(ready_again()) << supervisor.all();
  const auto before = open_files(process->pid());
  for (int i = 0; i < 20; ++i) {
    write("jobs = " + std::to_string(i % 2 + 1) + "\n");
    reload(*process);
  }
  supervisor.forget();
  break_both();
  ASSERT_TRUE(ready_again()) << supervisor.all();
  EXPECT_TRUE(until([&] { return open_files(process->pid()) <= before; }))
      << before << " became " << open_files(process->pid());
}

}  // namespace
