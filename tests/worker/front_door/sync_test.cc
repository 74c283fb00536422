#include <csignal>
#include <future>

#include "tests/worker/front_door/door.h"

namespace test {
namespace {

using sandbox::FaultKind;
using sandbox::Reply;
using sandbox::Request;
using sandbox::RequestKind;

/// What a client does that waits for its answer.
class SyncDoor : public Door {
 protected:
  void SetUp() override {
    seeded = seed({.members = 30});
    look();
  }
  std::future<Reply> waiting(const Request& request) {
    token_of("admin");
    note_asked(request);
    return std::async(std::launch::async, [this, request] {
      return send("POST", "admin", "/fhir/R4/" + request.target + "/$set-accounts", parameters(request));
    });
  }
  /// The only job there is.
  std::string its_job() {
    std::string id;
    until([&] {
      const auto jobs = redis({"ZRANGE", "{set-accounts}:jobs", "0", "-1"});
      if (!jobs.items.empty()) id = jobs.items[0].text;
      return !id.empty();
    });
    return id;
  }

  sandbox::Seeded seeded;
  const Request swap{"Patient/p", {organization(5)}, true};
};

TEST_F(SyncDoor, AnswersMedplumsParametersWhenTheJobIsDone) {
  open();
  oracle().expect(swap);
  const Reply done = set_accounts("admin", swap);
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(done.status, 200);
  const auto output = done.json();
  EXPECT_EQ(sandbox::text_member(output, "resourceType"), "Parameters");
  EXPECT_EQ(sandbox::text_member(output["parameter"][0], "name"), "resourcesUpdated");
  EXPECT_EQ(output["parameter"][0]["valueInteger"].GetInt64(), oracle().resources_updated());
}

TEST_F(SyncDoor, SetsTheTargetAloneWithoutPropagationAndOfAnyType) {
  open();
  const Request patient{"Patient/p", {organization(5)}, false};
  const Request member{seeded.members[0], {organization(6)}, false};
  for (const Request& request : {patient, member}) {
    oracle().expect(request);
    const Reply done = set_accounts("admin", request);
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.json()["parameter"][0]["valueInteger"].GetInt64(), 1);
  }
  EXPECT_EQ(wrong(), "");
}

TEST_F(SyncDoor, RemovesAllAccountsWhenNoneIsNamed) {
  open();
  const Request none{"Patient/p", {}, true};
  oracle().expect(none);
  EXPECT_EQ(set_accounts("admin", none).status, 200);
  EXPECT_EQ(wrong(), "");
}

TEST_F(SyncDoor, KeepsWhatElseAReferenceSays) {
  open();
  note_asked({"Patient/p", {organization(5)}, false});
  const std::string account = R"({"reference":")" + organization(5) + R"(","display":"North"})";
  const Reply done =
      send("POST", "admin", "/fhir/R4/Patient/p/%24set-accounts",
           R"({"resourceType":"Parameters","parameter":[{"name":"accounts","valueReference":)" + account + "}]}",
           {{"Content-Type", "application/json; charset=UTF-8"}});
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(accounts_of("Patient/p"), std::vector<std::string>{account});
}

TEST_F(SyncDoor, AnswersAFailedJobWithItsErrorAndFailures) {
  for (std::size_t i = 0; i < 25; ++i)
    server.add_fault({.on = RequestKind::patch, .reference = seeded.members[i], .status = 422});
  open();
  const Reply failed = set_accounts("admin", swap);
  EXPECT_EQ(said(failed), "400 - processing");
  EXPECT_NE(failed.text().find("could not be updated"), std::string::npos) << failed.text();
  EXPECT_EQ(failed.json()["issue"].Size(), 21u) << "the error, and as many failures as are told";
}

TEST_F(SyncDoor, NamesTheJobThatTakesLongerThanItsClientWaits) {
  server.add_fault({.kind = FaultKind::stall, .on = RequestKind::patch});
  open({"--sync-timeout", "300ms", "--request-timeout", "1s"});
  const Reply late = set_accounts("admin", swap);
  EXPECT_EQ(said(late), "504 server-timeout timeout");
  const std::string job = job_of(late);
  EXPECT_NE(late.text().find(job), std::string::npos);
  server.clear_faults();
  oracle().expect(swap);
  EXPECT_EQ(end_of("admin", job).status, 200);
  EXPECT_EQ(wrong(), "");
}

TEST_F(SyncDoor, TellsWhoeverWaitsForAJobThatItWasCancelled) {
  open();
  redis({"XADD", "{set-accounts}:inbox", "*", "pause", "true"});
  auto reply = waiting(swap);
  redis({"XADD", "{set-accounts}:inbox", "*", "cancel", its_job()});
  EXPECT_EQ(said(reply.get()), "409 conflict conflict");
}

TEST_F(SyncDoor, AsksWhoeverWaitsToAskAgainWhereAFailoverLostTheJob) {
  open();
  redis({"XADD", "{set-accounts}:inbox", "*", "pause", "true"});
  auto reply = waiting(swap);
  redis({"DEL", "{set-accounts}:job:" + its_job()});
  const Reply lost = reply.get();
  EXPECT_EQ(said(lost), "503 - transient");
  EXPECT_EQ(lost.header("Retry-After"), "1");
}

TEST_F(SyncDoor, LetsNobodyWaitWhenTheWorkerStops) {
  open();
  redis({"XADD", "{set-accounts}:inbox", "*", "pause", "true"});
  auto reply = waiting(swap);
  const std::string job = its_job();
  program->signal(SIGTERM);
  const Reply refused = reply.get();
  EXPECT_EQ(said(refused), "503 - transient");
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(program->wait(), 0);
  EXPECT_EQ(field(job, "state"), "queued") << "the job goes on with the next worker";
}

TEST_F(SyncDoor, EndsAtOnceInAHurryWhoeverStillWaits) {
  token_of("admin");
  server.add_fault({.kind = FaultKind::stall, .on = RequestKind::me});
  open();
  ASSERT_TRUE(until([&] { return server.counters().requests_of("me") == 1; })) << "the worker's own";
  std::vector<std::future<void>> callers;
  for (int i = 0; i < 3; ++i)
    callers.push_back(std::async(std::launch::async, [this] { EXPECT_ANY_THROW(get("admin", status_path("1-1"))); }));
  ASSERT_TRUE(until([&] { return server.counters().requests_of("me") == 2; })) << "one for all";
  program->signal(SIGTERM);
  ASSERT_TRUE(program->wait_for_output("stopping"));
  program->signal(SIGTERM);
  EXPECT_EQ(program->wait(), 0) << program->err();
}

TEST_F(SyncDoor, GoesOnWithAJobWhoseClientIsGone) {
  open();
  redis({"XADD", "{set-accounts}:inbox", "*", "pause", "true"});
  note_asked(swap);
  sandbox::HttpClient impatient = client();
  impatient.set_limit(std::chrono::milliseconds(200));
  EXPECT_THROW(impatient.post("/fhir/R4/Patient/p/$set-accounts", parameters(swap), as("admin")), std::runtime_error);
  oracle().expect(swap);
  redis({"XADD", "{set-accounts}:inbox", "*", "pause", "false"});
  EXPECT_TRUE(until_state(its_job(), "completed"));
  EXPECT_EQ(wrong(), "");
}

}  // namespace
}  // namespace test
