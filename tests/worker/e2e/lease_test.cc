#include <chrono>
#include <csignal>
#include <filesystem>

#include "tests/worker/e2e/end_to_end.h"

namespace {

using sandbox::Request;
using test::EndToEnd;
using test::organization;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// A compartment that takes some seconds, and workers who have, lose and give back the job of it.
class LeaseOfAJob : public EndToEnd {
 protected:
  void SetUp() override {
    seeded = seed({.members = 400});
    look();
    slow_down(40ms);
  }

  void slow_down(std::chrono::milliseconds latency) {
    change_server([=](sandbox::ServerOptions& options) { options.latency = latency; });
  }
  bool in_the_middle_of(const std::string& job, long more_than = 50) {
    return until([&] { return number(job, "resourcesWritten") > more_than; });
  }
  bool nothing_in_flight() {
    return until([&] { return server.counters().patches_in_flight == 0; });
  }
  long patches() { return server.counters().requests_of("patch"); }
  std::string holder(const std::string& job) { return field(job, "worker"); }
  /// The job's lease is over as often as this is asked, whatever its holder renews; whether that was seen.
  bool is_taken_away(const std::string& job) {
    redis({"ZADD", "{set-accounts}:running", "XX", "1", job});
    return field(job, "state") == "queued";
  }
  void pause(bool on) {
    redis({"XADD", "{set-accounts}:inbox", "*", "pause", on ? "true" : "false"});
    until([&] { return redis({"XLEN", "{set-accounts}:inbox"}).number == 0; });
  }

  sandbox::Seeded seeded;
  const Request swap{"Patient/p", {organization(5)}, true};
};

TEST_F(LeaseOfAJob, StopsAWorkerThatStoodStillWhileAnotherTookItsJob) {
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  const auto frozen = worker({"--concurrency", "4", "--lease", "1500ms"});
  ASSERT_TRUE(in_the_middle_of(job)) << frozen->err();
  const std::string first = holder(job);
  frozen->signal(SIGSTOP);

  const auto successor = worker({"--concurrency", "4", "--lease", "1500ms"});
  ASSERT_TRUE(until([&] { return holder(job) != first && number(job, "resourcesUpdated") > 200; })) << successor->err();
  successor->signal(SIGSTOP);  // so that every PATCH from here on is the first one's
  ASSERT_TRUE(nothing_in_flight());
  const long patches_before = patches();
  const auto record_before = record(job);
  frozen->signal(SIGCONT);
  ASSERT_TRUE(frozen->wait_for_output("job lost")) << frozen->err();
  EXPECT_EQ(patches(), patches_before);
  EXPECT_EQ(record(job), record_before) << "what a former holder says of the job counts no more";

  successor->signal(SIGCONT);
  slow_down(0ms);
  ASSERT_TRUE(until_state(job, "completed")) << successor->err();
  EXPECT_EQ(number(job, "attempt"), 1);
  EXPECT_EQ(wrong(), "");
}

TEST_F(LeaseOfAJob, LetsAFormerHolderChangeNothingOnceTheJobIsOver) {
  const std::string job = enqueue(swap);
  const auto frozen = worker({"--concurrency", "4", "--lease", "1500ms"});
  ASSERT_TRUE(in_the_middle_of(job)) << frozen->err();
  frozen->signal(SIGSTOP);
  slow_down(0ms);
  const auto successor = worker({"--lease", "1500ms"});
  ASSERT_TRUE(until_state(job, "completed")) << successor->err();
  const Request next{seeded.target, {organization(6)}, true};
  oracle().expect(swap);
  oracle().expect(next);
  const std::string after = enqueue(next);
  ASSERT_TRUE(until_state(after, "completed")) << successor->err();
  const auto record_before = record(job);

  frozen->signal(SIGCONT);
  ASSERT_TRUE(frozen->wait_for_output("job lost")) << frozen->err();
  EXPECT_EQ(record(job), record_before);
  EXPECT_EQ(wrong(), "") << "nothing of the first job came after the second";
}

TEST_F(LeaseOfAJob, AbortsOpenRequestsWhenRedisSaysThatTheJobIsAnothers) {
  const std::string job = enqueue(swap);
  const auto worker = this->worker({"--concurrency", "4"});
  ASSERT_TRUE(in_the_middle_of(job)) << worker->err();
  ASSERT_TRUE(hang_patches()) << worker->err();
  pause(true);  // nobody begins it anew before the first holder has let go
  ASSERT_TRUE(until([&] { return is_taken_away(job); })) << worker->err();

  ASSERT_TRUE(worker->wait_for_output("job lost", 5s)) << "it waits for answers that never come: " << worker->err();
  server.clear_faults();
  pause(false);
  slow_down(0ms);
  oracle().expect(swap);
  ASSERT_TRUE(until_state(job, "completed")) << worker->err();
  EXPECT_EQ(number(job, "attempt"), 1) << "a lost lease is no attempt";
  EXPECT_EQ(wrong(), "");
}

TEST_F(LeaseOfAJob, AbortsOpenRequestsAfterTwoThirdsOfItWithoutAnAnswerFromRedis) {
  const auto lease = 3000ms;
  const std::string job = enqueue(swap);
  const auto worker = this->worker({"--concurrency", "4", "--lease", "3s"});
  ASSERT_TRUE(in_the_middle_of(job)) << worker->err();
  ASSERT_TRUE(hang_patches()) << worker->err();
  const auto stopped = Clock::now();
  redis_server.stop();

  ASSERT_TRUE(nothing_in_flight()) << worker->err();
  EXPECT_LT(Clock::now() - stopped, lease) << "by then another worker may have it";
  ASSERT_TRUE(worker->wait_for_output("job lost")) << worker->err();
  const long patches_before = patches();
  server.clear_faults();
  redis_server.go_on();
  EXPECT_EQ(patches(), patches_before) << "nothing is written without a lease";
  slow_down(0ms);
  oracle().expect(swap);
  ASSERT_TRUE(until_state(job, "completed")) << worker->err();
  EXPECT_EQ(number(job, "attempt"), 1);
  EXPECT_EQ(wrong(), "");
}

TEST_F(LeaseOfAJob, StartsNoPatchLaterThanASecondAfterACancel) {
  Clock::time_point last_patch;
  server.before_patch([&](sandbox::World&, int, const std::string&) { last_patch = Clock::now(); });
  const std::string job = enqueue(swap);
  const auto worker = this->worker({"--concurrency", "4"});
  ASSERT_TRUE(in_the_middle_of(job)) << worker->err();
  redis({"XADD", "{set-accounts}:inbox", "*", "cancel", job});
  const auto cancelled = Clock::now();

  ASSERT_TRUE(until_state(job, "cancelled")) << worker->err();
  server.with_world([&](sandbox::World&) { EXPECT_LT(last_patch - cancelled, 1s); });
  EXPECT_EQ(server.counters().patches_in_flight, 0);
  EXPECT_EQ(number(job, "resourcesWritten"), server.counters().total_writes()) << "the record holds what was done";
}

TEST_F(LeaseOfAJob, IsKeptUntilThePatchesInFlightOfACancelledJobHaveEnded) {
  const std::string job = enqueue(swap);
  const auto worker = this->worker({"--concurrency", "4", "--lease", "1500ms"});
  ASSERT_TRUE(in_the_middle_of(job)) << worker->err();
  ASSERT_TRUE(hang_patches({.times = 4, .after_commit = true, .wait = 3s})) << worker->err();
  const Request next{seeded.target, {organization(6)}, true};
  const std::string after = enqueue(next);
  long in_flight_at_next = -1;
  server.before_read([&](sandbox::World&, int, const std::string&) {
    if (in_flight_at_next < 0) in_flight_at_next = server.counters().patches_in_flight;
  });
  redis({"XADD", "{set-accounts}:inbox", "*", "cancel", job});

  ASSERT_TRUE(until_state(job, "cancelled")) << worker->err();
  slow_down(0ms);
  ASSERT_TRUE(until_state(after, "completed")) << worker->err();
  server.with_world(
      [&](sandbox::World&) { EXPECT_EQ(in_flight_at_next, 0) << "the next job met a write of this one"; });
  oracle().abandoned(swap, true);
  oracle().expect(next);
  EXPECT_EQ(wrong(), "");
}

TEST_F(LeaseOfAJob, IsHandedToAnotherWorkerWithinThreeSecondsOfASigterm) {
  const std::string job = enqueue(swap);
  const auto first = worker({"--concurrency", "4"});
  ASSERT_TRUE(in_the_middle_of(job)) << first->err();
  const std::string before = holder(job);
  const auto second = worker({"--concurrency", "4"});
  ASSERT_TRUE(second->wait_for_output("ready")) << second->err();

  const auto told = Clock::now();
  first->signal(SIGTERM);
  ASSERT_TRUE(until([&] { return holder(job) != before && field(job, "state") == "running"; })) << first->err();
  EXPECT_LT(Clock::now() - told, 3s);
  EXPECT_EQ(number(job, "attempt"), 1) << "the attempt that was handed back was not used";
  EXPECT_EQ(first->wait(), 0) << first->err();

  slow_down(0ms);
  oracle().expect(swap);
  ASSERT_TRUE(until_state(job, "completed")) << second->err();
  EXPECT_EQ(wrong(), "");
}

TEST_F(LeaseOfAJob, IsNotSharedWithAWorkerWhoseClaimAFailoverForgot) {
  const std::string job = enqueue(swap);
  const test::TempFolder before;
  const auto kept = redis_server.socket().parent_path() / "appendonlydir";
  std::filesystem::copy(kept, before.path() / "appendonlydir");
  const auto forgotten = worker({"--concurrency", "4", "--lease", "60s"});
  ASSERT_TRUE(in_the_middle_of(job)) << forgotten->err();
  const std::string first = holder(job);
  forgotten->signal(SIGSTOP);
  redis_server.kill();  // and a replica takes over that has not heard of the claim
  std::filesystem::remove_all(kept);
  std::filesystem::copy(before.path() / "appendonlydir", kept);
  redis_server.restart();
  redis({"SADD", "{set-accounts}:owed:Patient/p", organization(1),
         organization(2)});  // nothing goes on before a replica has that
  const auto successor = worker({"--concurrency", "4", "--lease", "60s"});
  ASSERT_TRUE(until([&] { return field(job, "state") == "running" && holder(job) != first; })) << successor->err();

  forgotten->signal(SIGCONT);
  EXPECT_TRUE(forgotten->wait_for_output("job lost", 5s)) << "both believe that it is theirs: " << forgotten->err();
  slow_down(0ms);
  oracle().expect(swap);
  ASSERT_TRUE(until_state(job, "completed")) << successor->err();
  EXPECT_EQ(wrong(), "");
}

}  // namespace
