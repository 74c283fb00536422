#include <csignal>

#include "tests/worker/e2e/end_to_end.h"

namespace {

using sandbox::Request;
using test::EndToEnd;
using test::organization;
using namespace std::chrono_literals;

/// A compartment that takes some seconds, and a worker in the middle of it.
class Interruption : public EndToEnd {
 protected:
  void SetUp() override {
    seeded = seed({.members = 400});
    look();
    change_server([](sandbox::ServerOptions& options) { options.latency = 40ms; });
  }
  void hurry() {
    change_server([](sandbox::ServerOptions& options) { options.latency = 0ms; });
  }
  bool in_the_middle_of(const std::string& job) {
    return until([&] { return number(job, "resourcesWritten") > 50; });
  }

  sandbox::Seeded seeded;
  const Request swap{seeded_target(), {organization(5)}, true};

 private:
  static std::string seeded_target() { return "Patient/p"; }
};

TEST_F(Interruption, LeavesAJobThatItsSuccessorEndsRightAfterAKill) {
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  {
    const auto doomed = worker({"--lease", "1s", "--concurrency", "4"});
    ASSERT_TRUE(in_the_middle_of(job)) << doomed->err();
    doomed->signal(SIGKILL);
    doomed->wait();
  }
  ASSERT_EQ(field(job, "state"), "running");
  hurry();
  ASSERT_EQ(drain({"--lease", "1s"}), 0) << said();
  EXPECT_EQ(field(job, "state"), "completed");
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "attempt"), 1) << "a lost lease is no attempt";
  EXPECT_EQ(number(job, "resourcesUpdated"), oracle().resources_updated());
  EXPECT_TRUE(owed(seeded.target).empty());
}

TEST_F(Interruption, HandsItsJobBackOnSigtermWithoutUsingAnAttempt) {
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  const auto first = worker({"--concurrency", "4"});
  ASSERT_TRUE(in_the_middle_of(job)) << first->err();
  first->signal(SIGTERM);
  EXPECT_EQ(first->wait(5s), 0) << first->err();
  EXPECT_EQ(field(job, "state"), "queued");
  EXPECT_EQ(number(job, "attempt"), 0);
  const long written_by_the_first = number(job, "resourcesWritten");
  EXPECT_GT(written_by_the_first, 50);

  hurry();
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "attempt"), 1);
  EXPECT_EQ(number(job, "resourcesUpdated"), oracle().resources_updated());
  EXPECT_EQ(number(job, "resourcesWritten"), server.counters().total_writes());
}

TEST_F(Interruption, HurriesOnASecondSigterm) {
  change_server([](sandbox::ServerOptions& options) { options.latency = 20s; });
  const std::string job = enqueue(swap);
  const auto slow = worker();
  ASSERT_TRUE(until([&] { return server.counters().requests_of("read") > 0; })) << slow->err();
  server.with_world([](sandbox::World&) {});
  slow->signal(SIGTERM);
  ASSERT_TRUE(slow->wait_for_output("stopping")) << slow->err();
  slow->signal(SIGTERM);
  EXPECT_EQ(slow->wait(10s), 0) << slow->err();
  EXPECT_EQ(field(job, "state"), "queued");
  hurry();
}

TEST_F(Interruption, LeavesAJobToItsLeaseWhenAPatchOfItHadToBeGivenUp) {
  const std::string job = enqueue(swap);
  const auto slow = worker({"--concurrency", "4", "--lease", "2s"});
  ASSERT_TRUE(in_the_middle_of(job)) << slow->err();
  ASSERT_TRUE(hang_patches()) << slow->err();
  slow->signal(SIGTERM);
  ASSERT_TRUE(slow->wait_for_output("stopping")) << slow->err();
  slow->signal(SIGTERM);
  EXPECT_EQ(slow->wait(5s), 0) << slow->err();
  EXPECT_EQ(field(job, "state"), "running") << "its PATCHes may still land: the next job of the line must not begin";

  server.clear_faults();
  hurry();
  oracle().expect(swap);
  ASSERT_EQ(drain({"--lease", "2s"}), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "attempt"), 1);
}

TEST_F(Interruption, CancelsARunningJobAndTheNextOneCarriesItsRemovalsOut) {
  oracle().abandoned(swap, true);
  const std::string job = enqueue(swap);
  const auto worker = this->worker({"--concurrency", "4"});
  ASSERT_TRUE(in_the_middle_of(job)) << worker->err();
  redis({"XADD", "{set-accounts}:inbox", "*", "cancel", job});
  ASSERT_TRUE(until_state(job, "cancelled")) << worker->err();
  EXPECT_GT(number(job, "resourcesUpdated"), 50);
  EXPECT_LT(number(job, "resourcesUpdated"), 401);
  EXPECT_EQ(owed(seeded.target).size(), 2u);
  EXPECT_EQ(server.counters().patches_in_flight, 0);

  hurry();
  const Request next{seeded.target, {organization(6)}, true};
  oracle().expect(next);
  const std::string after = enqueue(next);
  ASSERT_TRUE(until_state(after, "completed")) << worker->err();
  EXPECT_EQ(wrong(), "");
  EXPECT_TRUE(owed(seeded.target).empty());
}

TEST_F(Interruption, TakesACancelledJobOutOfTheLineBeforeItRuns) {
  const std::string job = enqueue(swap);
  redis({"XADD", "{set-accounts}:inbox", "*", "cancel", job});
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(field(job, "state"), "cancelled");
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(server.counters().requests_of("patch"), 0);
}

TEST_F(Interruption, CarriesTheRemovalsOfAFailedJobOutInTheNextOne) {
  hurry();
  const std::string stubborn = seeded.members[7];
  server.add_fault({.on = sandbox::RequestKind::patch, .reference = stubborn, .status = 422});
  oracle().abandoned(swap, true);
  const std::string job = enqueue(swap);
  EXPECT_EQ(drain(), 1) << said();
  EXPECT_EQ(field(job, "state"), "failed");
  EXPECT_EQ(number(job, "resourcesFailed"), 1);
  ASSERT_EQ(failures(job).size(), 1u);
  EXPECT_NE(failures(job).front().find(stubborn), std::string::npos) << failures(job).front();
  EXPECT_EQ(owed(seeded.target).size(), 2u);
  EXPECT_EQ(server.counters().requests_of("patch"), number(job, "resourcesWritten") + 1)
      << "a resource that was refused is not asked again";

  server.clear_faults();
  const Request next{seeded.target, {organization(6)}, true};
  oracle().expect(next);
  enqueue(next);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_TRUE(owed(seeded.target).empty());
}

TEST_F(Interruption, GoesOnAfterRedisWasKilledAndRestarted) {
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  const auto worker = this->worker({"--concurrency", "4", "--lease", "2s"});
  ASSERT_TRUE(in_the_middle_of(job)) << worker->err();
  redis_server.kill();
  ASSERT_TRUE(worker->wait_for_output("redis does not answer")) << worker->err();
  redis_server.restart();
  hurry();
  ASSERT_TRUE(until_state(job, "completed")) << worker->err();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "attempt"), 1);
}

TEST_F(Interruption, StopsWritingWhenItsLeaseIsOverAndRedisSilent) {
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  const auto worker = this->worker({"--concurrency", "4", "--lease", "1500ms"});
  ASSERT_TRUE(in_the_middle_of(job)) << worker->err();
  redis_server.stop();
  ASSERT_TRUE(worker->wait_for_output("job lost", 10s)) << worker->err();
  EXPECT_TRUE(until([&] { return server.counters().patches_in_flight == 0; }, 5s));
  const long writes = server.counters().total_writes();
  EXPECT_LT(writes, 401);
  redis_server.go_on();
  hurry();
  ASSERT_TRUE(until_state(job, "completed")) << worker->err();
  EXPECT_EQ(wrong(), "");
}

TEST_F(Interruption, EndsWithASentenceWhenItsEmbeddedRedisIsGone) {
  const test::TempFolder folder;
  test::ChildProcess worker({SET_ACCOUNTS_PROGRAM, "worker", "--redis-url", "embedded:" + folder.path().string(),
                             "--fhir-url", server.fhir_url(), "--listen", "", "--log-format", "text"});
  ASSERT_TRUE(worker.wait_for_output("ready")) << worker.err();
  test::ChildProcess cli({"redis-cli", "-s", folder.path() / "redis.sock", "info", "server"});
  ASSERT_EQ(cli.wait(), 0);
  const std::string label = "process_id:";
  ::kill(std::stoi(cli.out().substr(cli.out().find(label) + label.size())), SIGKILL);
  EXPECT_EQ(worker.wait(), 1);
  EXPECT_NE(worker.err().find("the embedded Redis is gone"), std::string::npos) << worker.err();
}

}  // namespace
