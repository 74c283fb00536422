#include <csignal>
#include <fstream>

#include "tests/worker/e2e/end_to_end.h"

namespace {

using sandbox::FaultKind;
using sandbox::Request;
using sandbox::RequestKind;
using test::EndToEnd;
using test::organization;
using namespace std::chrono_literals;

class ServerTrouble : public EndToEnd {
 protected:
  void SetUp() override {
    seeded = seed({.members = 150});
    look();
  }
  const Request swap{"Patient/p", {organization(5)}, true};
  sandbox::Seeded seeded;
};

struct PassingTrouble {
  std::string name;
  sandbox::Fault fault;
};

class Passing : public ServerTrouble, public testing::WithParamInterface<PassingTrouble> {};

TEST_P(Passing, IsOutlivedWithEveryResourceRight) {
  server.add_fault(GetParam().fault);
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  EXPECT_EQ(drain({"--request-timeout", "1s"}), 0) << said();
  EXPECT_EQ(field(job, "state"), "completed") << field(job, "error");
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "resourcesUpdated"), oracle().resources_updated());
}

INSTANTIATE_TEST_SUITE_P(
    EveryKind, Passing,
    testing::Values(
        PassingTrouble{"InternalErrors", {.on = RequestKind::patch, .probability = 0.1, .status = 500}},
        PassingTrouble{"BadGatewayPagesOfHtml",
                       {.on = RequestKind::patch, .probability = 0.1, .status = 502, .body = sandbox::FaultBody::html}},
        PassingTrouble{"Unavailable", {.on = RequestKind::any, .times = 3, .status = 503}},
        PassingTrouble{"GatewayTimeouts", {.on = RequestKind::page, .times = 2, .status = 504}},
        PassingTrouble{"LostTransactionRaces", {.on = RequestKind::patch, .probability = 0.1, .status = 409}},
        PassingTrouble{"Resets", {.kind = FaultKind::reset, .on = RequestKind::patch, .probability = 0.1}},
        PassingTrouble{"ResetsAfterTheCommit",
                       {.kind = FaultKind::reset, .on = RequestKind::patch, .probability = 0.1, .after_commit = true}},
        PassingTrouble{"Stalls", {.kind = FaultKind::stall, .on = RequestKind::patch, .nth = 20, .times = 1}},
        PassingTrouble{"TruncatedPages", {.kind = FaultKind::truncate, .on = RequestKind::page, .times = 2}},
        PassingTrouble{"HalfPages", {.kind = FaultKind::half_json, .on = RequestKind::page, .times = 2}},
        PassingTrouble{"InvalidUtf8", {.kind = FaultKind::invalid_utf8, .on = RequestKind::page, .times = 2}},
        PassingTrouble{"HtmlInsteadOfJson", {.kind = FaultKind::html, .on = RequestKind::page, .times = 2}},
        PassingTrouble{"ChunkedAnswers", {.kind = FaultKind::chunked, .on = RequestKind::any, .size = 1000}},
        PassingTrouble{"DeepNesting",
                       {.kind = FaultKind::deep_json, .on = RequestKind::page, .times = 1, .size = 100000}},
        PassingTrouble{"HugeHeaders",
                       {.kind = FaultKind::huge_header, .on = RequestKind::patch, .times = 2, .size = 200000}},
        PassingTrouble{"EmptyBodies", {.kind = FaultKind::empty_body, .on = RequestKind::page, .times = 2}}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(ServerTrouble, ReadsAgainAndKeepsWhatSomebodyElseWroteMeanwhile) {
  server.before_patch([&](sandbox::World& world, int n, const std::string& reference) {
    if (n % 10 == 5) world.touch(reference);
  });
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(field(job, "state"), "completed");
  EXPECT_GT(server.counters().answers_of(400) + server.counters().answers_of(412), 5);
}

TEST_F(ServerTrouble, WorksWithServersThatIgnoreIfMatchOnPatch) {
  change_server([](sandbox::ServerOptions& options) { options.if_match = false; });
  server.before_patch([&](sandbox::World& world, int n, const std::string& reference) {
    if (n % 10 == 5) world.touch(reference);
  });
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(field(job, "state"), "completed");
  EXPECT_GT(server.counters().answers_of(400), 5);
}

TEST_F(ServerTrouble, LeavesAResourceAloneThatWasMovedToAnotherPatientMeanwhile) {
  const std::string moved = seeded.members[20];
  oracle().expect(swap);
  server.before_patch([&](sandbox::World& world, int, const std::string& reference) {
    static bool done = false;
    if (done || reference != moved) return;
    done = true;
    world.move_to_patient(moved, seeded.target, seeded.stranger);
    oracle().forget(moved);
  });
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(server.counters().writes_of(moved), 0);
  EXPECT_EQ(number(job, "resourcesTotal"), 150);
}

TEST_F(ServerTrouble, CountsWhatIsDeletedMeanwhileAsGone) {
  const std::string doomed = seeded.members[20];
  oracle().expect(swap);
  server.before_patch([&](sandbox::World& world, int, const std::string& reference) {
    if (reference != doomed || !world.has(doomed)) return;
    world.erase(doomed);
    oracle().forget(doomed);
  });
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "resourcesGone"), 1);
  EXPECT_EQ(number(job, "resourcesUpdated"), 150);
}

TEST_F(ServerTrouble, StartsCountsAndFailuresAnewWithTheNextAttempt) {
  server.add_fault({.on = RequestKind::patch, .reference = seeded.members[3], .times = 1, .status = 422});
  server.add_fault({.kind = FaultKind::next_loop, .on = RequestKind::page, .nth = 2});  // ends the first attempt
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "attempt"), 2);
  EXPECT_EQ(number(job, "resourcesFailed"), 0);
  EXPECT_TRUE(failures(job).empty());
  EXPECT_EQ(number(job, "resourcesUpdated"), 151);
  EXPECT_EQ(number(job, "resourcesTotal"), 151);
  EXPECT_EQ(number(job, "resourcesUnchanged"), 150) << "found right by the second attempt";
  EXPECT_EQ(number(job, "resourcesWritten"), server.counters().total_writes()) << "of both attempts";
}

TEST_F(ServerTrouble, NoticesAtOnceThatWritesAreIgnored) {
  server.add_fault({.kind = FaultKind::ignore_write, .on = RequestKind::patch, .reference = seeded.members[3]});
  const std::string job = enqueue(swap);
  EXPECT_EQ(drain(), 1);
  EXPECT_EQ(field(job, "state"), "failed");
  ASSERT_EQ(failures(job).size(), 1u);
  EXPECT_NE(failures(job).front().find("ignored the change"), std::string::npos) << failures(job).front();
}

TEST_F(ServerTrouble, WaitsForTheQuotaInsteadOfRunningIntoIt) {
  change_server([](sandbox::ServerOptions& options) {
    options.quota = 5000;
    options.quota_window = 1500ms;
  });
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(field(job, "state"), "completed");
  EXPECT_EQ(wrong(), "");
  EXPECT_LE(server.counters().answers_of(429), 1);
}

TEST_F(ServerTrouble, RenewsItsTokenWhenItRunsOutOnTheWay) {
  change_server([](sandbox::ServerOptions& options) {
    options.auth = true;
    options.latency = 5ms;
  });
  server.add_fault({.kind = FaultKind::revoke_tokens, .on = RequestKind::patch, .nth = 50, .times = 1});
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  const test::TempFolder folder;
  const auto secret = folder.path() / "secret";
  std::ofstream(secret) << sandbox::Tokens::Options().client_secret << "\n";
  ASSERT_EQ(drain({"--client-id", sandbox::Tokens::Options().client_id, "--client-secret-file", secret}), 0) << said();
  EXPECT_EQ(field(job, "state"), "completed");
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(server.counters().requests_of("token"), 2);
}

TEST_F(ServerTrouble, ClaimsNothingWithAWrongSecretAndSaysWhatToDo) {
  change_server([](sandbox::ServerOptions& options) { options.auth = true; });
  const test::TempFolder folder;
  const auto secret = folder.path() / "secret";
  std::ofstream(secret) << "wrong-and-not-to-be-shown\n";
  const std::string job = enqueue(swap);
  EXPECT_EQ(drain({"--client-id", sandbox::Tokens::Options().client_id, "--client-secret-file", secret}), 1);
  EXPECT_NE(said().find("--client-secret-file"), std::string::npos) << said();
  EXPECT_EQ(said().find("not-to-be-shown"), std::string::npos) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_NE(field(job, "state"), "running");
  EXPECT_LE(number(job, "attempt"), 0);
}

TEST_F(ServerTrouble, ClaimsNothingWhileItMayNotWriteAccounts) {
  change_server([](sandbox::ServerOptions& options) { options.admin = false; });
  const std::string job = enqueue(swap);
  EXPECT_EQ(drain(), 1);
  EXPECT_NE(said().find("admin"), std::string::npos) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_LE(number(job, "attempt"), 0);
}

TEST_F(ServerTrouble, HandsItsJobBackDuringAnOutageAndGoesOnAfterwardsWithoutARestart) {
  change_server([](sandbox::ServerOptions& options) { options.latency = 20ms; });
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  const auto worker = this->worker({"--concurrency", "2", "--request-timeout", "2s"});
  ASSERT_TRUE(until([&] { return number(job, "resourcesWritten") > 20; })) << worker->err();
  server.close();
  ASSERT_TRUE(worker->wait_for_output("not ready", 40s)) << worker->err();
  EXPECT_TRUE(until_state(job, "queued")) << field(job, "state");
  EXPECT_EQ(number(job, "attempt"), 0);
  server.reopen();
  ASSERT_TRUE(until_state(job, "completed")) << worker->err();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "attempt"), 1);
}

}  // namespace
