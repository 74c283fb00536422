#include <gtest/gtest.h>

#include "sandbox/served_patient.h"

using namespace sandbox;

namespace {

const Headers form = {{"Content-Type", "application/x-www-form-urlencoded"}};

ServerOptions closed() {
  ServerOptions options;
  options.auth = true;
  return options;
}

std::string granted(HttpClient& client, const std::string& secret = "secret") {
  const Reply reply =
      client.post("/oauth2/token", "grant_type=client_credentials&client_id=client&client_secret=" + secret, form);
  return std::string(text_member(reply.json(), "access_token"));
}

Headers bearer(const std::string& token) {
  return {{"Authorization", "Bearer " + token}, {"X-Medplum", "extended"}};
}

TEST(Tokens, AreGrantedForCredentialsInTheBodyOrBasic) {
  ServedPatient served(closed());
  EXPECT_EQ(served.get("Patient/p", bearer(granted(served.client))).status, 200U);
  Headers basic = form;
  basic["Authorization"] = "Basic Y2xpZW50OnNlY3JldA==";
  const Reply reply = served.client.post("/oauth2/token", "grant_type=client_credentials", basic);
  EXPECT_EQ(reply.json()["expires_in"].GetInt(), 3600);
  EXPECT_EQ(text_member(reply.json(), "token_type"), "Bearer");
  EXPECT_EQ(served.get("Patient/p", {{"Authorization", "Basic Y2xpZW50OnNlY3JldA=="}}).status, 200U);
}

/// A nurse of the same project, an admin of another, and an admin who may read no Patient.
ServerOptions with_others() {
  ServerOptions options = closed();
  options.tokens.others = {
      {.id = "nurse", .secret = "n", .profile = "Practitioner/nurse"},
      {.id = "else", .secret = "e", .profile = "Practitioner/else", .admin = true, .project = "another"},
      {.id = "barred", .secret = "b", .profile = "Practitioner/barred", .admin = true, .forbidden = {"Patient"}}};
  return options;
}

Headers of_client(HttpClient& client, const std::string& id, const std::string& secret) {
  const std::string credentials = "client_id=" + id + "&client_secret=" + secret;
  const Reply reply = client.post("/oauth2/token", "grant_type=client_credentials&" + credentials, form);
  return bearer(std::string(text_member(reply.json(), "access_token")));
}

TEST(Tokens, TellWhoseTheyAre) {
  ServedPatient served(with_others());
  const auto me = [&](const Headers& headers) { return served.client.get("/auth/me", headers).json(); };
  const Json nurse = me(of_client(served.client, "nurse", "n"));
  EXPECT_EQ(text_member(nurse["membership"]["profile"], "reference"), "Practitioner/nurse");
  EXPECT_FALSE(nurse["membership"].HasMember("admin"));
  const Json own = me(bearer(granted(served.client)));
  EXPECT_TRUE(own["membership"]["admin"].GetBool());
  EXPECT_EQ(text_member(me(of_client(served.client, "else", "e"))["project"], "id"), "another");
}

TEST(Tokens, ReachNoFurtherThanTheirBearers) {
  ServedPatient served(with_others());
  EXPECT_EQ(served.get("Patient/p", of_client(served.client, "nurse", "n")).status, 200U);
  EXPECT_EQ(served.get("Patient/p", of_client(served.client, "else", "e")).status, 404U);
  EXPECT_EQ(served.get("Patient/p", of_client(served.client, "barred", "b")).status, 403U);
}

TEST(Tokens, LetAdminsAloneSpeakForOthers) {
  ServedPatient served(with_others());
  const auto status = [&](Headers headers, const std::string& whom) {
    headers["X-Medplum-On-Behalf-Of"] = whom;
    return served.get("Patient/p", headers).status;
  };
  const Headers own = bearer(granted(served.client));
  EXPECT_EQ(status(own, "ProjectMembership/nurse"), 200U);
  EXPECT_EQ(status(own, "Practitioner/barred"), 403U);
  EXPECT_EQ(status(own, "ProjectMembership/nobody"), 403U);
  EXPECT_EQ(status(of_client(served.client, "nurse", "n"), "ProjectMembership/nurse"), 403U);
}

TEST(Tokens, AreRefusedWith400) {
  ServedPatient served(closed());
  const auto refused = [&](const std::string& body, const Headers& headers) {
    const Reply reply = served.client.post("/oauth2/token", body, headers);
    EXPECT_EQ(reply.status, 400U);
    return reply.body;
  };
  EXPECT_EQ(refused("grant_type=client_credentials&client_id=client&client_secret=no", form),
            R"({"error":"invalid_request","error_description":"Invalid secret"})");
  EXPECT_EQ(refused("grant_type=client_credentials&client_id=no&client_secret=secret", form),
            R"({"error":"invalid_request","error_description":"Invalid client"})");
  EXPECT_EQ(refused("{}", {{"Content-Type", "application/json"}}), "Unsupported content type");
}

TEST(Tokens, AreWantedForEverythingOfFhir) {
  ServedPatient served(closed());
  for (const char* what : {"Patient/p", "Patient/p/$everything"}) {
    const Reply reply = served.get(what);
    EXPECT_EQ(reply.status, 401U);
    EXPECT_EQ(text_member(reply.json(), "id"), "unauthorized");
    EXPECT_EQ(text_member(reply.json()["issue"][0], "code"), "login");
    EXPECT_TRUE(reply.header("WWW-Authenticate").starts_with("Bearer realm="));
  }
  EXPECT_EQ(served.patch("Patient/p", "[]").status, 401U);
  EXPECT_EQ(served.client.get("/auth/me").status, 401U);
  EXPECT_EQ(served.get("Patient/p", bearer("rubbish")).status, 401U);
  EXPECT_EQ(served.get("metadata").status, 200U);
}

TEST(Tokens, ExpireAndCanBeRevoked) {
  ServerOptions options = closed();
  options.tokens.lifetime = std::chrono::milliseconds(40);
  ServedPatient served(options);
  const std::string token = granted(served.client);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (served.get("Patient/p", bearer(token)).status == 200) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  EXPECT_EQ(served.get("Patient/p", bearer(token)).status, 401U);

  ServedPatient lasting(closed());
  const std::string other = granted(lasting.client);
  lasting.server.revoke_tokens();
  EXPECT_EQ(lasting.get("Patient/p", bearer(other)).status, 401U);
}

TEST(Me, SaysWhoIsAdmin) {
  ServedPatient served;
  EXPECT_TRUE(served.client.get("/auth/me").json()["membership"]["admin"].GetBool());
  served.server.change_options([](ServerOptions& options) {
    options.admin = false;
    options.access_policy = "Narrow";
  });
  const Json narrow = served.client.get("/auth/me").json();
  EXPECT_FALSE(member(narrow["membership"], "admin"));
  EXPECT_EQ(text_member(narrow["accessPolicy"], "name"), "Narrow");
  served.server.change_options([](ServerOptions& options) { options.super_admin = true; });
  EXPECT_TRUE(served.client.get("/auth/me").json()["project"]["superAdmin"].GetBool());
  served.server.change_options([](ServerOptions& options) { options.auth_me = false; });
  EXPECT_EQ(served.client.get("/auth/me").status, 404U);
}

TEST(Me, IsNotUnderTheFhirBase) {
  ServedPatient served;
  EXPECT_EQ(served.client.get("/fhir/R4/auth/me").status, 404U);
  EXPECT_EQ(text_member(served.get("metadata").json()["software"], "version"), "5.1.29-sandbox");
  EXPECT_EQ(text_member(served.client.get("/healthcheck").json(), "version"), "5.1.29-sandbox");
}

ServerOptions with_quota(long points) {
  ServerOptions options;
  options.quota = points;
  return options;
}

std::string rate(const Reply& reply) {
  std::string text;
  for (const auto& [name, value] : reply.headers) {
    if (name == "RateLimit") text += value.substr(0, value.find(";t=")) + " ";
  }
  return text;
}

TEST(Quotas, ChargeReadsSearchesReferencesAndPatches) {
  ServedPatient served(with_quota(1000));
  EXPECT_EQ(rate(served.get("Patient/p")), R"("requests";r=59999 "fhirInteractions";r=999 )");
  EXPECT_EQ(rate(served.patch("Patient/p", "[]")), R"("requests";r=59998 "fhirInteractions";r=899 )");
  const Reply page = served.page(everything + "?_type=Patient", {});
  EXPECT_EQ(entries(page, "include").size(), 0U);
  EXPECT_EQ(rate(page), R"("requests";r=59997 "fhirInteractions";r=878 )");
  const Reply with_references = served.page(everything + "?_type=Encounter", {});
  EXPECT_EQ(entries(with_references, "include").size(), 3U);
  EXPECT_EQ(rate(with_references), R"("requests";r=59996 "fhirInteractions";r=854 )");
}

TEST(Quotas, SayItOnOneLineIfWanted) {
  ServerOptions options = with_quota(1000);
  options.rate_limit_header = RateLimitHeader::one_line;
  ServedPatient served(options);
  const Reply reply = served.get("Patient/p");
  EXPECT_EQ(reply.count("RateLimit"), 1U);
  EXPECT_EQ(reply.header("RateLimit"), R"("requests";r=59999;t=60, "fhirInteractions";r=999;t=60)");
}

TEST(Quotas, SayItInAnotherOrderOrNotAtAllIfWanted) {
  ServerOptions options = with_quota(1000);
  options.rate_limit_header = RateLimitHeader::other_order;
  ServedPatient served(options);
  EXPECT_EQ(served.get("Patient/p").header("RateLimit"), "requests;q=1;t=60 ; r=59999;w=60");
  served.server.change_options([](ServerOptions& now) { now.rate_limit_header = RateLimitHeader::none; });
  EXPECT_EQ(served.get("Patient/p").count("RateLimit"), 0U);
}

TEST(Quotas, SayWhenToComeAgainAsWanted) {
  ServerOptions options = with_quota(1);
  options.retry_after = RetryAfter::seconds;
  ServedPatient served(options);
  EXPECT_EQ(served.patch("Patient/p", "[]").header("Retry-After"), "60");
  served.server.change_options([](ServerOptions& now) {
    now.retry_after = RetryAfter::date;
    now.reset_in_outcome = false;
  });
  const Reply refused = served.patch("Patient/p", "[]");
  EXPECT_TRUE(refused.header("Retry-After").ends_with(" GMT")) << refused.header("Retry-After");
  EXPECT_EQ(refused.count("Date"), 1U);
  EXPECT_EQ(member(refused.json()["issue"][0], "diagnostics"), nullptr);
}

TEST(Quotas, MayChangeWhileItRuns) {
  ServedPatient served;
  EXPECT_EQ(served.patch("Patient/p", "[]").status, 200U);
  served.server.change_options([](ServerOptions& now) { now.quota = 150; });
  EXPECT_EQ(served.patch("Patient/p", "[]").status, 429U);
}

TEST(Quotas, Answer429UntilTheWindowEnds) {
  ServerOptions options = with_quota(150);
  options.quota_window = std::chrono::milliseconds(100);
  ServedPatient served(options);
  Reply refused = served.patch("Patient/p", "[]");
  while (refused.status != 429) refused = served.patch("Patient/p", "[]");
  EXPECT_EQ(text_member(refused.json(), "id"), "too-many-requests");
  EXPECT_EQ(text_member(refused.json()["issue"][0], "code"), "throttled");
  const Json diagnostics = parsed(text_member(refused.json()["issue"][0], "diagnostics"));
  EXPECT_GT(diagnostics["_consumedPoints"].GetInt(), 150);
  EXPECT_LE(diagnostics["_msBeforeNext"].GetInt(), 100);
  EXPECT_EQ(diagnostics["limit"].GetInt(), 150);
  EXPECT_EQ(rate(refused).substr(rate(refused).find(' ') + 1), R"("fhirInteractions";r=0 )");
  EXPECT_EQ(refused.count("Retry-After"), 0U);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (served.get("Patient/p").status == 429) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
}

TEST(Quotas, LeaveSuperAdminsAlone) {
  ServerOptions options = with_quota(1);
  options.super_admin = true;
  ServedPatient served(options);
  EXPECT_EQ(served.patch("Patient/p", "[]").status, 200U);
}

}  // namespace
