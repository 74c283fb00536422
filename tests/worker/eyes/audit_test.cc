#include <csignal>

#include "tests/worker/e2e/end_to_end.h"
#include "tests/worker/eyes/told.h"

namespace test {
namespace {

using namespace std::chrono_literals;

const Fields in_json{"--log-format", "json"};
constexpr const char* trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

class AuditTest : public EndToEnd {
 protected:
  void SetUp() override {
    seeded = seed({.members = 6});
    look();
  }
  /// Drains; the only audit line of the job.
  Line line_of(const std::string& job, Fields options = in_json) {
    drain(std::move(options));
    const auto lines = audit_lines(said(), job);
    EXPECT_EQ(lines.size(), 1U) << said();
    return lines.empty() ? Line() : lines.front();
  }

  sandbox::Seeded seeded;
};

TEST_F(AuditTest, TellsWhoAskedForWhatAndWhatBecameOfIt) {
  const auto job = enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true", "requestedBy",
                            "Practitioner/7", "onBehalfOf", "Organization/3", "traceparent", trace});
  Line line = line_of(job);
  EXPECT_EQ(line["event"], "job completed");
  EXPECT_EQ(line["target"], seeded.target);
  EXPECT_EQ(line["requestedBy"], "Practitioner/7");
  EXPECT_EQ(line["onBehalfOf"], "Organization/3");
  EXPECT_EQ(line["traceparent"], trace);
  EXPECT_EQ(line["accountsBefore"], "[\"" + organization(1) + "\",\"" + organization(2) + "\"]");
  EXPECT_EQ(line["accountsAfter"], "[\"" + organization(5) + "\"]");
  EXPECT_EQ(line["resourcesUpdated"], field(job, "resourcesUpdated"));
  EXPECT_EQ(line["resourcesFailed"], "0");
  EXPECT_EQ(line["attempt"], "1");
  EXPECT_EQ(line["worker"], field(job, "worker"));
  for (const char* time : {"enqueuedAt", "startedAt", "finishedAt"}) EXPECT_EQ(line[time].size(), 24U) << time;
  EXPECT_LE(line["startedAt"], line["finishedAt"]);
}

TEST_F(AuditTest, TellsOfWhatADryRunLeftAsItWas) {
  const auto job = enqueue({"target", seeded.target, "accounts", organization(5), "dryRun", "true"});
  Line line = line_of(job);
  EXPECT_EQ(line["accountsAfter"], line["accountsBefore"]);
  EXPECT_EQ(line["accountsRequested"], "[\"" + organization(5) + "\"]");
}

TEST_F(AuditTest, TellsOfJobsThatNobodyEverRan) {
  const auto invalid = enqueue({"target", "nobody", "accounts", "", "requestedBy", "Practitioner/7"});
  const auto cancelled = enqueue({"target", seeded.target, "accounts", "", "delay", "3600000"});
  redis({"XADD", "{set-accounts}:inbox", "*", "cancel", cancelled});
  Line line = line_of(invalid);
  EXPECT_EQ(line["event"], "job failed");
  EXPECT_EQ(line["requestedBy"], "Practitioner/7");
  const auto lines = audit_lines(said(), cancelled);
  ASSERT_EQ(lines.size(), 1U) << said();
  EXPECT_EQ(lines[0].at("event"), "job cancelled");
  EXPECT_FALSE(lines[0].contains("accountsAfter")) << "nobody knows";
}

TEST_F(AuditTest, TellsOfAFailedJobWhatWasThereBefore) {
  server.add_fault({.kind = sandbox::FaultKind::status,
                    .on = sandbox::RequestKind::patch,
                    .status = 403,
                    .body = sandbox::FaultBody::outcome});
  const auto job = enqueue({"target", seeded.target, "accounts", organization(5)});
  Line line = line_of(job);
  EXPECT_EQ(line["event"], "job failed");
  EXPECT_EQ(line["accountsBefore"], "[\"" + organization(1) + "\",\"" + organization(2) + "\"]");
  EXPECT_FALSE(line.contains("accountsAfter"));
}

TEST_F(AuditTest, IsWrittenWhateverTheLogsLevel) {
  const auto job = enqueue({"target", seeded.target, "accounts", organization(5)});
  line_of(job, {"--log-format", "json", "--log-level", "error"});
  EXPECT_TRUE(events(said(), "job claimed").empty());
}

TEST_F(AuditTest, IsWrittenByTheNextWorkerIfTheOneThatEndedTheJobIsKilled) {
  server.add_fault({.kind = sandbox::FaultKind::stall, .on = sandbox::RequestKind::patch, .times = 1, .wait = 100ms});
  const auto job = enqueue({"target", seeded.target, "accounts", organization(5)});
  const auto killed = worker(in_json);
  ASSERT_TRUE(until_state(job, "completed"));
  killed->signal(SIGKILL);
  killed->wait();
  // Whoever had borrowed it is dead: half a minute later it is lent again.
  for (const auto& ending : redis({"ZRANGE", "{set-accounts}:unaudited", "0", "-1"}).items)
    redis({"ZADD", "{set-accounts}:unaudited", "XX", "1", ending.text});
  drain(in_json);
  EXPECT_GE(audit_lines(killed->err() + "\n" + said(), job).size(), 1U) << killed->err() << said();
  EXPECT_EQ(redis({"EXISTS", "{set-accounts}:unaudited"}).number, 0);
}

TEST_F(AuditTest, IsWrittenWithinSecondsWhileAWorkerRuns) {
  const auto running = worker(in_json);
  const auto job = enqueue({"target", seeded.target, "accounts", organization(5)});
  EXPECT_TRUE(running->wait_for_output("\"level\":\"audit\"")) << running->err();
  EXPECT_EQ(audit_lines(running->err(), job).size(), 1U);
}

/// A worker that lost the job before it could say what it found may have written the target since.
TEST_F(AuditTest, SaysNothingOfWhatWasThereIfNobodyCanKnow) {
  const auto job = enqueue({"target", seeded.target, "accounts", organization(5), "delay", "3600000"});
  ASSERT_EQ(drain(in_json), 0);
  redis({"HSET", "{set-accounts}:job:" + job, "leasesLost", "1", "mostUpdated", "0"});
  redis({"ZADD", "{set-accounts}:scheduled", "XX", "1", job});
  Line line = line_of(job);
  EXPECT_EQ(line["event"], "job completed");
  EXPECT_FALSE(line.contains("accountsBefore"));
}

}  // namespace
}  // namespace test
