#include "tests/worker/front_door/door.h"

namespace test {
namespace {

using sandbox::FaultKind;
using sandbox::Reply;
using sandbox::Request;
using sandbox::RequestKind;

/// What a client does that asks for an answer later.
class AsyncDoor : public Door {
 protected:
  void SetUp() override {
    seeded = seed({.members = 30});
    look();
  }
  std::string status_of(const Reply& reply) { return std::string(sandbox::text_member(reply.json(), "status")); }

  sandbox::Seeded seeded;
  const Request swap{"Patient/p", {organization(5), organization(1)}, true};
};

TEST_F(AsyncDoor, AcceptsAJobAndTellsWhereItsStatusIs) {
  open();
  const Reply accepted = start("admin", swap);
  EXPECT_EQ(said(accepted), "202 accepted informational");
  EXPECT_EQ(accepted.header("Content-Type"), "application/fhir+json; charset=utf-8");
  const std::string location = url(status_path(job_of(accepted)));
  EXPECT_EQ(accepted.header("Content-Location"), location);
  const auto outcome = accepted.json();
  const auto& issue = outcome["issue"][0];
  EXPECT_EQ(sandbox::text_member(issue, "diagnostics"), location);
  EXPECT_EQ(sandbox::text_member(issue, "severity"), "information");
  EXPECT_EQ(accepted.text(), "Accepted");
}

TEST_F(AsyncDoor, CarriesTheJobOutAndTellsSoInMedplumsWords) {
  open();
  oracle().expect(swap);
  const std::string job = job_of(start("admin", swap));
  const Reply end = end_of("admin", job);
  EXPECT_EQ(wrong(), "");
  ASSERT_EQ(end.status, 200);
  const auto async_job = end.json();
  EXPECT_EQ(sandbox::text_member(async_job, "resourceType"), "AsyncJob");
  EXPECT_EQ(sandbox::text_member(async_job, "id"), job);
  EXPECT_EQ(sandbox::text_member(async_job, "status"), "completed");
  EXPECT_EQ(sandbox::text_member(async_job, "request"), url("/fhir/R4/Patient/p/$set-accounts"));
  for (const char* time : {"requestTime", "transactionTime"})
    EXPECT_TRUE(sandbox::text_member(async_job, time).ends_with("Z")) << time;
  const auto& first = async_job["output"]["parameter"][0];
  EXPECT_EQ(sandbox::text_member(first, "name"), "resourcesUpdated");
  EXPECT_EQ(first["valueInteger"].GetInt64(), oracle().resources_updated());
  EXPECT_EQ(get("admin", "/fhir/R4/AsyncJob/" + job).body, end.body);
  EXPECT_EQ(field(job, "requestedBy"), "ClientApplication/admin-app");
}

TEST_F(AsyncDoor, KnowsAJobFromItsFirstMomentOn) {
  open();
  redis({"XADD", "{set-accounts}:inbox", "*", "pause", "true"});
  for (int i = 0; i < 20; ++i) {
    const Request request{"Patient/p", {organization(static_cast<unsigned>(i))}, true};
    const std::string job = job_of(start("admin", request));
    const Reply at_once = get("admin", status_path(job));
    EXPECT_EQ(at_once.status, 202);
    EXPECT_EQ(status_of(at_once), "accepted");
    EXPECT_EQ(get("admin", "/fhir/R4/AsyncJob/" + job).status, 200);
  }
}

TEST_F(AsyncDoor, TellsARunningJobsProgressInElementsThatAnAsyncJobHas) {
  server.add_fault({.kind = FaultKind::stall, .on = RequestKind::patch, .reference = seeded.members[29]});
  open({"--concurrency", "4"});
  const std::string job = job_of(start("admin", swap));
  ASSERT_TRUE(until([&] { return number(job, "resourcesUpdated") > 5; }));
  const Reply running = get("admin", status_path(job));
  EXPECT_EQ(running.status, 202);
  EXPECT_EQ(status_of(running), "active");
  const auto async_job = running.json();
  const std::set<std::string> elements{"resourceType", "id",      "meta",   "status",
                                       "requestTime",  "request", "output", "extension"};
  for (const auto& member : async_job.GetObject())
    EXPECT_TRUE(elements.contains(std::string(sandbox::text_of(member.name)))) << sandbox::text_of(member.name);
  const auto& first = async_job["output"]["parameter"][0];
  EXPECT_EQ(sandbox::text_member(first, "name"), "resourcesUpdated");
  EXPECT_GT(first["valueInteger"].GetInt64(), 5);
  const auto& phase = async_job["extension"][0]["extension"][0];
  EXPECT_EQ(sandbox::text_member(phase, "url"), "phase");
  EXPECT_EQ(sandbox::text_member(phase, "valueCode"), "sweep");
}

TEST_F(AsyncDoor, TellsAFailedJobByItsOutcome) {
  server.add_fault({.on = RequestKind::patch, .reference = seeded.members[0], .status = 422});
  open();
  const std::string job = job_of(start("admin", swap));
  const Reply end = end_of("admin", job);
  EXPECT_EQ(end.status, 200);
  EXPECT_EQ(status_of(end), "error");
  const auto async_job = end.json();
  const auto& first = async_job["output"]["parameter"][0];
  EXPECT_EQ(sandbox::text_member(first, "name"), "outcome");
  const auto& outcome = first["resource"];
  EXPECT_EQ(sandbox::text_member(outcome, "resourceType"), "OperationOutcome");
  ASSERT_EQ(outcome["issue"].Size(), 2u);
  EXPECT_EQ(sandbox::text_member(outcome["issue"][1]["details"], "text"), seeded.members[0] + ": 422");
}

TEST_F(AsyncDoor, CancelsARunningJobAndSaysSoToWhoeverAsksAgain) {
  open({"--concurrency", "4"});
  server.add_fault({.kind = FaultKind::stall, .on = RequestKind::patch, .wait = std::chrono::milliseconds(300)});
  const std::string job = job_of(start("admin", swap));
  ASSERT_TRUE(until_state(job, "running"));
  EXPECT_EQ(said(send("DELETE", "admin", status_path(job))), "202 accepted informational");
  EXPECT_EQ(status_of(end_of("admin", job)), "cancelled");
  EXPECT_EQ(said(send("DELETE", "admin", status_path(job))), "202 accepted informational");
  EXPECT_EQ(said(send("POST", "admin", "/fhir/R4/AsyncJob/" + job + "/$cancel")), "200 ok informational");
}

TEST_F(AsyncDoor, CancelsAWaitingJob) {
  open();
  redis({"XADD", "{set-accounts}:inbox", "*", "pause", "true"});
  const std::string job = job_of(start("admin", swap));
  EXPECT_EQ(said(send("POST", "admin", "/fhir/R4/AsyncJob/" + job + "/%24cancel")), "200 ok informational");
  EXPECT_EQ(status_of(end_of("admin", job)), "cancelled");
  EXPECT_EQ(server.counters().total_writes(), 0);
}

TEST_F(AsyncDoor, CancelsNoJobThatIsOver) {
  open();
  const std::string job = job_of(start("admin", swap));
  ASSERT_EQ(end_of("admin", job).status, 200);
  const Reply refused = send("POST", "admin", "/fhir/R4/AsyncJob/" + job + "/$cancel");
  EXPECT_EQ(said(refused), "400 - invalid");
  EXPECT_EQ(refused.text(), "AsyncJob cannot be cancelled if status is not 'accepted', job had status 'completed'");
}

/// As pymedplum does: no body, a Content-Type all the same, and the URL from the outcome.
TEST_F(AsyncDoor, ServesAClientThatPollsTheUrlInTheDiagnosticsAtOnce) {
  open();
  redis({"XADD", "{set-accounts}:inbox", "*", "pause", "true"});
  oracle().expect(swap);
  const Reply accepted = start("admin", swap);
  const auto outcome = accepted.json();
  const std::string location(sandbox::text_member(outcome["issue"][0], "diagnostics"));
  const std::string path = location.substr(location.find("/fhir/"));
  Reply reply = send("GET", "admin", path, "", {{"Content-Type", "application/fhir+json"}});
  EXPECT_EQ(reply.status, 202);
  redis({"XADD", "{set-accounts}:inbox", "*", "pause", "false"});
  until([&] {
    reply = send("GET", "admin", path, "", {{"Content-Type", "application/fhir+json"}});
    return reply.status != 202;
  });
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(wrong(), "");
}

TEST_F(AsyncDoor, TakesThePreferenceAmongOthersAndInAnyCase) {
  open();
  for (const char* prefer :
       {"respond-async", "Respond-Async", "return=minimal, respond-async", "respond-async; wait=10, handling=strict"}) {
    const Reply accepted = set_accounts("admin", swap, {{"Prefer", prefer}});
    EXPECT_EQ(accepted.status, 202) << prefer;
    EXPECT_EQ(status_of(end_of("admin", job_of(accepted))), "completed");
  }
}

TEST_F(AsyncDoor, RefusesToRunWithoutPropagationWhatWouldBeOverAtOnce) {
  open();
  const Reply refused = start("admin", {"Patient/p", {organization(5)}, false});
  EXPECT_EQ(said(refused), "400 - invalid");
  EXPECT_TRUE(refused.text().starts_with("propagate: ")) << refused.text();
  EXPECT_EQ(server.counters().total_writes(), 0);
}

TEST_F(AsyncDoor, NamesTheAddressThatItIsPublicBy) {
  open({"--public-url", "https://jobs.example.org/accounts/"});
  const Reply accepted = start("admin", swap);
  EXPECT_EQ(accepted.header("Content-Location"), "https://jobs.example.org/accounts" + status_path(job_of(accepted)));
}

TEST_F(AsyncDoor, PassesTheCallersTraceOn) {
  open();
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const auto traced = [&](const std::string& traceparent) {
    const Request other{"Patient/p", {organization(traceparent == trace ? 1 : 2)}, true};
    const Reply accepted = set_accounts("admin", other, {{"Prefer", "respond-async"}, {"traceparent", traceparent}});
    const std::string job = job_of(accepted);
    end_of("admin", job);
    return field(job, "traceparent");
  };
  EXPECT_EQ(traced(trace), trace);
  EXPECT_EQ(traced("00-00000000000000000000000000000000-b7ad6b7169203331-01"), "");
}

}  // namespace
}  // namespace test
