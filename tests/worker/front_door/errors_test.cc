#include "tests/worker/front_door/door.h"

namespace test {
namespace {

using sandbox::Headers;
using sandbox::Reply;
using sandbox::Request;

class DoorErrors : public Door {
 protected:
  void SetUp() override {
    seed({.members = 5});
    look();
    open();
  }
  Reply post(const std::string& body, const Headers& more = {}) {
    return send("POST", "admin", "/fhir/R4/Patient/p/$set-accounts", body, more);
  }
};

TEST_F(DoorErrors, NameTheParameterThatIsWrong) {
  const auto with = [](const std::string& parameter) {
    return R"({"resourceType":"Parameters","parameter":[)" + parameter + "]}";
  };
  const std::map<std::string, std::string> bodies{
      {"", "empty"},
      {"{", "byte 1"},
      {R"({"resourceType":"Patient"})", "not a Parameters resource"},
      {with(R"({"valueBoolean":true})"), "parameter[0] has no name"},
      {with(R"({"name":"accounts","valueString":"x"})"), "(accounts) has no valueReference"},
      {with(R"({"name":"accounts","valueReference":{"reference":"http://evil/x"}})"), "(accounts)"},
      {with(R"({"name":"propagate","valueString":"true"})"), "(propagate)"}};
  for (const auto& [body, why] : bodies) {
    const Reply refused = post(body);
    EXPECT_EQ(said(refused), "400 - invalid") << body;
    EXPECT_NE(refused.text().find(why), std::string::npos) << body << ": " << refused.text();
  }
}

TEST_F(DoorErrors, AreAnOperationOutcomeForEverythingThatIsNotOurs) {
  for (const char* path : {"/fhir/R4", "/fhir/R4/Patient/p", "/fhir/R4/Patient/p/$everything", "/fhir/R4/job/1-1",
                           "/fhir/R4/AsyncJob/1-1/$retry", "/fhir/R4/patient/p/$set-accounts",
                           "/fhir/R4/Patient/p_/$set-accounts", "/fhir/R4/Patient/$set-accounts"}) {
    const Reply reply = send("POST", "admin", path);
    EXPECT_EQ(said(reply), "404 not-found not-found") << path;
    EXPECT_TRUE(reply.header("Content-Type").starts_with("application/fhir+json")) << path;
  }
}

TEST_F(DoorErrors, TellTheMethodsThatAreAllowed) {
  const std::map<std::string, std::string> allowed{{"/fhir/R4/Patient/p/$set-accounts", "POST"},
                                                   {status_path("1-1"), "GET, HEAD, DELETE"},
                                                   {"/fhir/R4/AsyncJob/1-1", "GET, HEAD"},
                                                   {"/fhir/R4/AsyncJob/1-1/$cancel", "POST"},
                                                   {"/fhir/R4/metadata", "GET, HEAD"},
                                                   {"/oauth2/token", "POST"},
                                                   {"/auth/me", "GET, HEAD"}};
  for (const auto& [path, methods] : allowed) {
    const Reply reply = send("PUT", "admin", path);
    EXPECT_EQ(said(reply), "405 - not-supported") << path;
    EXPECT_EQ(reply.header("Allow"), methods) << path;
  }
}

TEST_F(DoorErrors, RefuseOtherContentThanJsonInUtf8) {
  for (const char* type : {"text/plain", "application/xml", "application/json; charset=latin1", "multipart/form-data"})
    EXPECT_EQ(said(post(parameters({"Patient/p", {}, false}), {{"Content-Type", type}})), "415 - not-supported")
        << type;
}

TEST_F(DoorErrors, ComeBeforeLongWhenRedisIsAway) {
  token_of("admin");
  set_accounts("admin", {"Patient/p", {organization(1)}, false});
  redis_server.kill();
  const std::vector<std::function<Reply()>> asks{
      [&] { return start("admin", {"Patient/p", {organization(5)}, true}); },
      [&] { return get("admin", status_path("1-1")); }, [&] { return send("DELETE", "admin", status_path("1-1")); },
      [&] { return set_accounts("admin", {"Patient/p", {organization(5)}, false}); }};
  for (const auto& ask : asks) {
    const auto began = std::chrono::steady_clock::now();
    const Reply reply = ask();
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(8)) << "two, and a busy machine";
    EXPECT_EQ(said(reply), "503 - transient");
    EXPECT_EQ(reply.header("Retry-After"), "2");
  }
}

TEST_F(DoorErrors, OfALoginAreTheServersOwn) {
  const auto login = [&](const std::string& form, const Headers& headers) {
    return client().post("/oauth2/token", form, headers);
  };
  const Headers form{{"Content-Type", "application/x-www-form-urlencoded"}};
  const Reply wrong_secret = login("grant_type=client_credentials&client_id=admin&client_secret=no", form);
  EXPECT_EQ(wrong_secret.status, 400);
  EXPECT_EQ(sandbox::text_member(wrong_secret.json(), "error_description"), "Invalid secret");
  EXPECT_EQ(login("{}", {{"Content-Type", "application/json"}}).status, 400);
  EXPECT_EQ(login(std::string(40'000, 'x'), form).status, 400);
}

TEST_F(DoorErrors, KeepCallersFromUsingUpTheWorkersLogins) {
  const Headers form{{"Content-Type", "application/x-www-form-urlencoded"}};
  const std::string body = "grant_type=client_credentials&client_id=admin&client_secret=no";
  sandbox::HttpClient many = client();
  Reply last;
  int passed = 0;
  for (; passed < 60; ++passed) {
    last = many.post("/oauth2/token", body, form);
    if (last.status == 429) break;
  }
  EXPECT_EQ(said(last), "429 too-many-requests throttled");
  EXPECT_LT(passed, 30);
  EXPECT_NE(last.header("Retry-After"), "");
  EXPECT_TRUE(last.header("RateLimit").starts_with("\"requests\";r=0;t=")) << last.header("RateLimit");
}

TEST_F(DoorErrors, AreNoneWhereAClientAsksForATokenAndWhoItIs) {
  const Reply login = client().post(
      "/oauth2/token", "grant_type=client_credentials",
      {{"Content-Type", "application/x-www-form-urlencoded"}, {"Authorization", "Basic YWRtaW46YWRtaW4="}});
  ASSERT_EQ(login.status, 200) << login.body;
  EXPECT_EQ(login.header("Content-Type"), "application/json; charset=utf-8");
  const std::string token(sandbox::text_member(login.json(), "access_token"));
  const Reply me = send("GET", "", "/auth/me", "", {{"Authorization", "Bearer " + token}});
  EXPECT_EQ(me.status, 200);
  EXPECT_EQ(me.header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_NE(me.body.find("ClientApplication/admin-app"), std::string::npos);
  EXPECT_EQ(said(send("GET", "", "/auth/me")), "401 unauthorized login");
  EXPECT_EQ(said(send("GET", "", "/auth/me", "", {{"Authorization", "Bearer x"}})), "401 unauthorized login");
  EXPECT_NE(send("GET", "", "/auth/me", "", {{"Authorization", "Bearer x"}}).header("WWW-Authenticate"), "");
}

TEST_F(DoorErrors, TellOfQuotasOnlyThoseWhoUsedThemUp) {
  token_of("admin");
  EXPECT_EQ(get("admin", "/auth/me").header("RateLimit"), "");
  server.add_fault({.on = sandbox::RequestKind::me, .status = 429});
  const Reply refused = get("admin", "/auth/me");
  EXPECT_EQ(said(refused), "429 too-many-requests throttled");
  EXPECT_EQ(refused.header("Content-Type"), "application/fhir+json; charset=utf-8");
}

TEST_F(DoorErrors, AreNoneWhereTheOperationIsDescribed) {
  const Reply metadata = get("admin", "/fhir/R4/metadata");
  EXPECT_EQ(metadata.status, 200);
  const auto statement = metadata.json();
  const auto& operation = statement["rest"][0]["operation"][0];
  EXPECT_EQ(sandbox::text_member(operation, "definition"), url("/fhir/R4/OperationDefinition/set-accounts"));
  EXPECT_EQ(get("admin", "/fhir/R4/OperationDefinition/set-accounts").status, 200);
  EXPECT_EQ(get("", "/fhir/R4/metadata").status, 200) << "on this machine";
  EXPECT_EQ(send("GET", "", "/fhir/R4/metadata", "", {{"X-Forwarded-For", "192.0.2.1"}}).status, 401);
}

}  // namespace
}  // namespace test
