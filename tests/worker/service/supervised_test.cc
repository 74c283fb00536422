#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/worker/e2e/end_to_end.h"
#include "tests/worker/service/supervisor.h"

namespace {

using namespace std::chrono_literals;
using test::organization;
using test::Supervisor;

/// The program, started by somebody who wants to know how it is.
class Supervised : public test::EndToEnd {
 protected:
  Supervisor supervisor;
};

TEST_F(Supervised, SaysWhatItWaitsForAndThenThatItIsReady) {
  server.close();
  const auto started = worker({}, supervisor.environment());
  EXPECT_TRUE(supervisor.hears_of("STATUS=waiting: no answer from " + server.base_url())) << supervisor.all();
  EXPECT_FALSE(supervisor.hears("READY=1", 500ms)) << supervisor.all();
  server.reopen();
  EXPECT_TRUE(supervisor.hears("READY=1")) << supervisor.all();
  EXPECT_TRUE(supervisor.hears("STATUS=ready: 0 of 8 jobs running")) << supervisor.all();
}

TEST_F(Supervised, FindsAnAbstractSocketToo) {
  Supervisor abstract(Supervisor::Address::abstract);
  const auto started = worker({}, abstract.environment());
  EXPECT_TRUE(abstract.hears("READY=1")) << started->err();
}

TEST_F(Supervised, AsksForTimeWhileItDrains) {
  const auto seeded = seed({.members = 40});
  const std::string job = enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true"});
  server.add_fault({.kind = sandbox::FaultKind::stall, .on = sandbox::RequestKind::patch});
  const auto started = worker({}, supervisor.environment(3s));
  ASSERT_TRUE(until([&] { return server.counters().patches_in_flight > 0; })) << started->err();
  started->signal(SIGTERM);
  EXPECT_TRUE(supervisor.hears("STOPPING=1"));
  EXPECT_TRUE(supervisor.hears("STATUS=draining: 1 job left")) << supervisor.all();
  supervisor.forget();
  EXPECT_TRUE(supervisor.hears("EXTEND_TIMEOUT_USEC=20000000")) << "not only once";
  EXPECT_TRUE(supervisor.hears("WATCHDOG=1"));
  started->signal(SIGINT);
  EXPECT_EQ(started->wait(), 0) << started->err();
  EXPECT_NE(started->err().find("why=\"a second signal came\""), std::string::npos) << started->err();
  EXPECT_NE(started->err().find("worker stopped handedBack=0 leftToTheirLease=1"), std::string::npos) << started->err();
}

TEST_F(Supervised, ShowsSignsOfLifeThroughOutagesOfRedisAndOfTheFhirServer) {
  const auto seeded = seed({.members = 40});
  const std::string job = enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true"});
  server.add_fault({.kind = sandbox::FaultKind::stall, .on = sandbox::RequestKind::patch});
  const auto started = worker({}, supervisor.environment(2s));
  ASSERT_TRUE(until([&] { return server.counters().patches_in_flight > 0; })) << started->err();
  redis_server.stop();
  auto pulse = supervisor.feel(7s);
  EXPECT_LT(pulse.longest_silence, 2s) << "frozen: " << supervisor.all();
  EXPECT_TRUE(supervisor.hears_of("STATUS=waiting: redis does not answer")) << supervisor.all();
  redis_server.kill();
  server.close();
  pulse = supervisor.feel(2s);
  EXPECT_LT(pulse.longest_silence, 2s) << "gone: " << supervisor.all();
  EXPECT_GE(pulse.pings, 2);
  EXPECT_EQ(supervisor.all().find("stuck"), std::string::npos) << supervisor.all();
}

TEST_F(Supervised, IsNotHeldUpByASupervisorThatReadsNothing) {
  const auto started = worker({}, supervisor.environment(40ms));  // more messages than its socket takes
  ASSERT_TRUE(started->wait_for_output("info    ready")) << started->err();
  const auto seeded = seed({.members = 20});
  for (unsigned i = 0; i < 20; ++i) {
    const std::string job = enqueue({"target", seeded.target, "accounts", organization(i), "propagate", "true"});
    ASSERT_TRUE(until_state(job, "completed")) << started->err();
  }
  started->signal(SIGTERM);
  EXPECT_EQ(started->wait(), 0);
}

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A redis-server that notes its environment first.
void put_talkative_redis(const std::filesystem::path& folder) {
  const std::filesystem::path program = folder / "redis-server";
  std::ofstream(program) << "#!/bin/sh\nenv >" << folder.string() << "/environment\nls -l /proc/$$/fd >"
                         << folder.string() << "/descriptors\nPATH=/usr/bin:/bin exec redis-server \"$@\"\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
}

TEST_F(Supervised, IsTheOnlyOneWhoSpeaksToItsSupervisor) {
  const test::TempFolder folder;
  put_talkative_redis(folder.path());
  auto environment = supervisor.environment(3s);
  environment["PATH"] = folder.path().string() + ":/usr/bin:/bin";
  test::ChildProcess started(
      {SET_ACCOUNTS_PROGRAM, "worker", "--redis-url", "embedded:" + folder.path().string() + "/r", "--fhir-url",
       server.fhir_url(), "--listen", "", "--log-format", "text"},
      environment);
  ASSERT_TRUE(supervisor.hears("READY=1")) << started.err();
  const std::string of_redis = contents(folder.path() / "environment");
  EXPECT_NE(of_redis.find("PATH="), std::string::npos);
  EXPECT_EQ(of_redis.find("NOTIFY_SOCKET"), std::string::npos) << of_redis;
  EXPECT_EQ(of_redis.find("WATCHDOG"), std::string::npos) << of_redis;
  const std::string descriptors = contents(folder.path() / "descriptors");
  EXPECT_NE(descriptors.find("redis.lock"), std::string::npos) << descriptors;
  EXPECT_EQ(descriptors.find("socket:"), std::string::npos) << descriptors;
  started.signal(SIGTERM);
  EXPECT_EQ(started.wait(), 0) << started.err();
}

}  // namespace
