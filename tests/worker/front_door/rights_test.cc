#include <fstream>

#include "tests/support/redis_server.h"
#include "tests/worker/front_door/door.h"

namespace test {
namespace {

using sandbox::FaultKind;
using sandbox::Headers;
using sandbox::Reply;
using sandbox::Request;
using sandbox::RequestKind;

class Rights : public Door {
 protected:
  using Door::Door;
  void SetUp() override {
    seed({.members = 5});
    look();
  }
  const Request swap{"Patient/p", {organization(5)}, true};
};

TEST_F(Rights, AreNobodysWithoutAGoodToken) {
  open();
  for (const char* authorization :
       {"", "Bearer garbage", "Bearer", "Bearer  ", "Digest x", "Basic Z2FyYmFnZTp4", "Bearer a b", "Bearer a,b"}) {
    Headers headers;
    if (*authorization != '\0') headers.emplace("Authorization", authorization);
    const Reply refused = set_accounts("", swap, headers);
    EXPECT_EQ(said(refused), "401 unauthorized login") << authorization;
    EXPECT_EQ(refused.header("WWW-Authenticate"), "Bearer realm=\"" + url("") + "\"");
    EXPECT_EQ(send("GET", "", status_path("1-1"), "", headers).status, 401) << authorization;
    EXPECT_EQ(send("DELETE", "", status_path("1-1"), "", headers).status, 401) << authorization;
  }
  EXPECT_EQ(redis({"EXISTS", "{set-accounts}:jobs"}).number, 0);
}

TEST_F(Rights, EndWithTheToken) {
  open();
  ASSERT_NE(token_of("brief"), "");
  EXPECT_EQ(said(set_accounts("brief", swap)), "401 unauthorized login");
}

TEST_F(Rights, AreEnoughOfAProjectAdminAndOfASuperAdmin) {
  open();
  EXPECT_EQ(set_accounts("admin", swap).status, 200);
  EXPECT_EQ(set_accounts("super", swap).status, 200);
}

TEST_F(Rights, MayBeShownAsAClientsOwnCredentials) {
  open();
  EXPECT_EQ(set_accounts("", swap, {{"Authorization", "Basic YWRtaW46YWRtaW4="}}).status, 200);
}

TEST_F(Rights, AreNotEnoughOfSomebodyWhoIsNoAdmin) {
  open();
  EXPECT_EQ(said(set_accounts("nurse", swap)), "403 forbidden forbidden");
  EXPECT_EQ(server.counters().total_writes(), 0);
}

TEST_F(Rights, AreNotEnoughOfAnAdminWhoDoesNotReachTheTarget) {
  open();
  EXPECT_EQ(said(set_accounts("stranger", swap)), "404 not-found not-found");
  EXPECT_EQ(said(set_accounts("barred", swap)), "403 forbidden forbidden");
  EXPECT_EQ(said(set_accounts("admin", {"Patient/nobody", {}, true})), "404 not-found not-found");
  EXPECT_EQ(server.counters().total_writes(), 0);
}

TEST_F(Rights, ShowAJobToThoseWhoMayReadItsTarget) {
  open();
  const std::string job = job_of(start("admin", swap));
  ASSERT_EQ(end_of("admin", job).status, 200);
  EXPECT_EQ(get("nurse", status_path(job)).status, 200);
  EXPECT_EQ(get("nurse", "/fhir/R4/AsyncJob/" + job).status, 200);
  EXPECT_EQ(said(send("DELETE", "nurse", status_path(job))), "403 forbidden forbidden") << "but not to be cancelled";
}

TEST_F(Rights, NeverShowAJobOfAnotherProjectNorThatItIsThere) {
  open();
  const std::string job = job_of(start("admin", swap));
  for (const std::string& path : {status_path(job), "/fhir/R4/AsyncJob/" + job}) {
    const Reply hidden = get("stranger", path);
    EXPECT_EQ(said(hidden), "404 not-found not-found");
    EXPECT_EQ(hidden.body, get("stranger", status_path("1-1")).body);
  }
  EXPECT_EQ(said(send("DELETE", "stranger", status_path(job))), "404 not-found not-found");
  EXPECT_EQ(said(send("POST", "stranger", "/fhir/R4/AsyncJob/" + job + "/$cancel")), "404 not-found not-found");
  end_of("admin", job);
  EXPECT_EQ(field(job, "state"), "completed");
}

TEST_F(Rights, AreAskedForAsOftenForAJobThatIsNotThere) {
  open();
  const auto reads = [&] { return server.counters().requests_of("read"); };
  const std::string job = job_of(start("admin", swap));
  end_of("admin", job);
  get("stranger", "/auth/me");
  const long before = reads();
  get("stranger", status_path(job));
  const long for_a_hidden_one = reads() - before;
  get("stranger", status_path("1-1"));
  EXPECT_EQ(for_a_hidden_one, 1);
  EXPECT_EQ(reads() - before, 2 * for_a_hidden_one);
}

TEST_F(Rights, AreAskedForOnceInAShortTime) {
  open();
  const std::string job = job_of(start("admin", swap));
  end_of("admin", job);
  const sandbox::Counters before = server.counters();
  for (int i = 0; i < 10; ++i) get("admin", status_path(job));
  EXPECT_EQ(server.counters().requests_of("me"), before.requests_of("me"));
  EXPECT_EQ(server.counters().requests_of("read"), before.requests_of("read"));
}

TEST_F(Rights, AreThoseOfWhomTheCallerSpeaksFor) {
  open();
  const auto on_behalf_of = [&](const std::string& id, const std::string& whom) {
    return set_accounts(id, swap, {{"Prefer", "respond-async"}, {"X-Medplum-On-Behalf-Of", whom}});
  };
  EXPECT_EQ(said(on_behalf_of("admin", "ProjectMembership/nurse")), "403 forbidden forbidden");
  EXPECT_EQ(said(on_behalf_of("nurse", "ProjectMembership/admin")), "403 forbidden forbidden");
  EXPECT_EQ(said(on_behalf_of("admin", "ProjectMembership/stranger")), "404 not-found not-found");
  EXPECT_EQ(said(on_behalf_of("admin", "../x")), "400 - invalid");
  const std::string job = job_of(on_behalf_of("admin", "Practitioner/root"));
  end_of("admin", job);
  EXPECT_EQ(field(job, "onBehalfOf"), "Practitioner/root");
  EXPECT_EQ(field(job, "requestedBy"), "ClientApplication/admin-app");
}

TEST_F(Rights, CannotBeToldWhileTheServerIsSilentOrBroken) {
  open({"--request-timeout", "500ms"});
  ASSERT_NE(token_of("admin"), "");
  server.add_fault({.on = RequestKind::me, .status = 503});
  const Reply broken = set_accounts("admin", swap);
  EXPECT_EQ(said(broken), "503 - transient");
  EXPECT_EQ(broken.header("Retry-After"), "5");
  server.clear_faults();
  server.set_silent(true);
  EXPECT_EQ(said(set_accounts("", swap, {{"Authorization", "Bearer x"}})), "503 - transient");
  server.set_silent(false);
}

TEST_F(Rights, AreNotThereWhereTheServerSendsUsElsewhere) {
  open();
  server.add_fault({.on = RequestKind::me, .status = 302});
  EXPECT_EQ(said(set_accounts("admin", swap)), "503 - transient");
  EXPECT_EQ(said(get("admin", "/auth/me")), "503 - transient") << "nor is anybody else";
  server.clear_faults();
  server.add_fault({.on = RequestKind::read, .status = 302});
  EXPECT_EQ(said(set_accounts("super", swap)), "503 - transient");
  EXPECT_EQ(server.counters().total_writes(), 0);
}

TEST_F(Rights, AreKeptForSomeTimeAfterTheServerTookThemAway) {
  open();
  const std::string job = job_of(start("admin", swap));
  ASSERT_EQ(end_of("admin", job).status, 200);
  server.revoke_tokens();
  EXPECT_EQ(get("admin", status_path(job)).status, 200) << "for half a minute at most";
}

TEST_F(Rights, OfAGoneTargetAreNobodys) {
  server.with_world([](sandbox::World& world) { world.erase("Patient/p"); });
  open();
  EXPECT_EQ(said(set_accounts("admin", swap)), "404 not-found not-found");
}

TEST_F(Rights, AreNotAskedForWithoutEnd) {
  open();
  get("admin", status_path("1-1"));
  sandbox::HttpClient connection = client();
  Reply last;
  for (int i = 0; i < 900 && last.status != 429; ++i)
    last = connection.get(status_path("9-" + std::to_string(i)), as("admin"));
  EXPECT_EQ(said(last), "429 too-many-requests throttled");
  EXPECT_LT(server.counters().requests_of("read"), 800);
}

TEST_F(Rights, CannotBeToldWhereTheCallersQuotaIsUsedUp) {
  open();
  ASSERT_NE(token_of("admin"), "");
  server.add_fault({.on = RequestKind::me, .status = 429});
  const Reply refused = set_accounts("admin", swap);
  EXPECT_EQ(said(refused), "429 too-many-requests throttled");
  EXPECT_NE(refused.header("Retry-After"), "");
}

TEST_F(Rights, AreNobodysWhereNobodyCanTellThem) {
  change_server([](sandbox::ServerOptions& options) { options.auth_me = false; });
  open();
  const Reply shut = set_accounts("admin", swap);
  EXPECT_EQ(said(shut), "404 not-found not-found");
  EXPECT_NE(shut.body.find("--caller-token-file"), std::string::npos);
  EXPECT_EQ(said(get("admin", status_path("1-1"))), "404 not-found not-found");
  EXPECT_EQ(redis({"EXISTS", "{set-accounts}:jobs"}).number, 0);
}

/// Where a file tells who may do what.
class RightsOfTokens : public Rights {
 protected:
  void write_tokens(const std::string& text) {
    const auto fresh = folder.path() / "fresh";
    std::ofstream(fresh) << text;
    std::filesystem::rename(fresh, file());
  }
  std::filesystem::path file() { return folder.path() / "tokens"; }
  Reply with(const std::string& token, const Request& request) {
    return set_accounts("", request, {{"Authorization", "Bearer " + token}});
  }
  TempFolder folder;
};

TEST_F(RightsOfTokens, AreTheBearersAndNobodyElses) {
  change_server([](sandbox::ServerOptions& options) { options.auth_me = false; });
  write_tokens("first-token\n\n  second-token \r\n");
  open({"--caller-token-file", file()});
  oracle().expect(swap);
  EXPECT_EQ(with("first-token", swap).status, 200);
  EXPECT_EQ(with("second-token", swap).status, 200);
  EXPECT_EQ(wrong(), "");
  for (const std::string token : {"first", "first-token2", "third-token"})
    EXPECT_EQ(said(with(token, swap)), "401 unauthorized login") << token;
  EXPECT_EQ(said(with("first-token", {"Patient/nobody", {}, true})), "404 not-found not-found");
  for (const std::string& text : {program->err(), program->out()})
    EXPECT_EQ(text.find("first-token"), std::string::npos) << "no token is logged";
}

TEST_F(RightsOfTokens, ChangeWithTheFile) {
  write_tokens("old-token\n");
  open({"--caller-token-file", file()});
  EXPECT_EQ(with("old-token", swap).status, 200);
  write_tokens("new-token\n");
  EXPECT_EQ(with("new-token", swap).status, 200);
  EXPECT_EQ(said(with("old-token", swap)), "401 unauthorized login");
  std::filesystem::remove(file());
  EXPECT_EQ(said(with("new-token", swap)), "503 - transient");
}

TEST_F(RightsOfTokens, AreDecidedByTheFileAloneWhereThereIsOne) {
  write_tokens("first-token\n");
  open({"--caller-token-file", file()});
  EXPECT_EQ(said(set_accounts("admin", swap)), "401 unauthorized login");
}

}  // namespace
}  // namespace test
