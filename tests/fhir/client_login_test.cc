#include <cstdio>
#include <filesystem>
#include <fstream>

#include <boost/asio/co_spawn.hpp>

#include "client_fixture.h"

namespace {

using namespace test;

class LoginTest : public ClientTest {
 protected:
  LoginTest() {
    std::string name = (std::filesystem::temp_directory_path() / "login-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  ~LoginTest() override { std::filesystem::remove_all(folder); }

  /// As a secret is rotated: a new file moved into place.
  std::filesystem::path write(const std::string& name, const std::string& contents) const {
    std::ofstream(folder / "new") << contents;
    std::filesystem::rename(folder / "new", folder / name);
    return folder / name;
  }
  std::vector<Received> token_requests() const {
    std::vector<Received> found;
    for (const auto& request : server.received()) {
      if (request.target() == "/oauth2/token") found.push_back(request);
    }
    return found;
  }
  /// Starts them all at once and lets them end; returns how many failed.
  int send_together(const std::vector<fhir::Request>& requests) {
    int over = 0, failed = 0;
    for (const auto& request : requests) {
      boost::asio::co_spawn(io.get_executor(), client().send(request, stop),
                            [&](const std::exception_ptr& error, const fhir::Response&) {
                              ++over;
                              failed += error ? 1 : 0;
                            });
    }
    io.restart();
    while (over < static_cast<int>(requests.size())) io.run_one();
    return failed;
  }

  std::filesystem::path folder;
};

TEST_F(LoginTest, AsksWithTheCredentialsEncoded) {
  settings.client_id = "id&x=1";
  settings.client_secret = "s+%\r\n";
  get("Patient/1");
  const auto asked = token_requests().at(0);
  EXPECT_EQ(asked.method(), "POST");
  EXPECT_EQ(asked.header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(asked.body, "grant_type=client_credentials&client_id=id%26x%3D1&client_secret=s%2B%25%0D%0A");
}

TEST_F(LoginTest, AsksForOneTokenHoweverManyNeedIt) {
  EXPECT_EQ(send_together(std::vector(100, get_of("Patient/1"))), 0);
  EXPECT_EQ(token_requests().size(), 1U);
}

TEST_F(LoginTest, LooksAtItsRightsOnceForEachToken) {
  EXPECT_EQ(send_together(std::vector(50, patch_of("Observation/1"))), 0);
  EXPECT_EQ(medplum.looks_at_me, 1);
  medplum.fhir.push_back(reply(401));
  patch("Observation/1");
  EXPECT_EQ(medplum.looks_at_me, 2);
}

TEST_F(LoginTest, LooksAtNoRightsToRead) {
  get("Patient/1");
  EXPECT_EQ(medplum.looks_at_me, 0);
}

TEST_F(LoginTest, GetsANewTokenAfterA401) {
  medplum.fhir.push_back(reply(401));
  EXPECT_EQ(get("Patient/1").status, 200U);
  EXPECT_EQ(fhir_requests().at(0).header("Authorization"), "Bearer token-1");
  EXPECT_EQ(fhir_requests().at(1).header("Authorization"), "Bearer token-2");
}

TEST_F(LoginTest, GetsOneNewTokenForAllThatMetA401WithTheOldOne) {
  get("Patient/1");
  medplum.revoked = "token-1";
  EXPECT_EQ(send_together(std::vector(20, get_of("Patient/1"))), 0);
  EXPECT_EQ(token_requests().size(), 2U);
}

TEST_F(LoginTest, BlamesNoJobWhenTheNewTokenIsRefusedToo) {
  medplum.usual = reply(401);
  medplum.me.push_back(reply(401));
  EXPECT_EQ(sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); }),
            "the FHIR server answers 401 Unauthorized to our client credentials of our-client, also with a new token: "
            "check that --token-url and --fhir-url belong together and that this client may use the server");
  EXPECT_EQ(fhir_requests().size(), 2U);
}

TEST_F(LoginTest, BlamesNoJobWhenTheNewTokenIsRefusedAtTheLookAtOurRights) {
  for (int i = 0; i < 2; ++i) medplum.me.push_back(reply(401));
  EXPECT_EQ(sentence<fhir::ServerUnavailable>([&] { patch("Observation/1"); }),
            "GET " + server.url() + "/auth/me: 401 Unauthorized, also with a new token");
  EXPECT_TRUE(fhir_requests().empty());
}

TEST_F(LoginTest, EndsTheAttemptWhenOneResourceAloneIsRefusedWithATokenThatIsWelcome) {
  medplum.usual = reply(401);
  EXPECT_EQ(sentence<fhir::RequestFailed>([&] { get("Patient/1"); }),
            "GET Patient/1: 401 Unauthorized, also with a new token");
  EXPECT_EQ(fhir_requests().size(), 2U);
  EXPECT_EQ(medplum.looks_at_me, 1);
}

TEST_F(LoginTest, EndsTheAttemptAlsoWithATokenFromAFile) {
  settings.token_file = write("token", "good for others");
  medplum.usual = reply(401);
  EXPECT_EQ(sentence<fhir::RequestFailed>([&] { get("Patient/1"); }),
            "GET Patient/1: 401 Unauthorized, although the server takes our token");
}

TEST_F(LoginTest, AsksOnceHowTheServerReceivesItHoweverManyWereRefused) {
  get("Patient/1");
  medplum.usual = reply(401);
  for (int i = 0; i < 5; ++i) medplum.me.push_back(reply(401));
  EXPECT_EQ(send_together(std::vector(20, get_of("Patient/1"))), 20);
  EXPECT_LE(medplum.looks_at_me, 2);
}

TEST_F(LoginTest, WithoutAuthMeTakesATokenForGoodThatWasTakenForAnotherResource) {
  auto held = reply(401);
  held.held = true;
  medplum.me.push_back(reply(404));
  medplum.fhir = {reply(401), held, reply(200)};
  bool over = false;
  std::string why;
  boost::asio::co_spawn(io.get_executor(), client().send(get_of("Patient/1"), stop),
                        [&](const std::exception_ptr& error, const fhir::Response&) {
                          over = true;
                          why = sentence<fhir::RequestFailed>([&] { std::rethrow_exception(error); });
                        });
  io.restart();
  while (server.holding() < 1) io.run_one();
  get("Patient/2");
  server.release();
  while (!over) io.run_one();
  EXPECT_EQ(why, "GET Patient/1: 401 Unauthorized, also with a new token");
}

TEST_F(LoginTest, WithoutAuthMeBlamesNoJobForATokenThatWasNeverTaken) {
  medplum.usual = reply(401);
  medplum.me.push_back(reply(404));
  EXPECT_NE(sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); }), "");
}

TEST_F(LoginTest, FollowsNoRedirectAndBlamesNoJobForIt) {
  medplum.usual = reply(302, "", {{"Location", "https://elsewhere.invalid/fhir/R4/Patient/1"}});
  medplum.me.push_back(medplum.usual);
  EXPECT_EQ(sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); }),
            "GET Patient/1: 302 Found: the server sends us elsewhere, and our token goes nowhere else: give its own "
            "address as --fhir-url");
  EXPECT_EQ(get("Patient/1").status, 302U) << "of this resource alone, since the server knows us";
  EXPECT_EQ(fhir_requests().size(), 2U);
}

TEST_F(LoginTest, SaysThatTheCredentialsAreBad) {
  medplum.tokens.push_back(reply(400, R"({"error":"invalid_request","error_description":"Invalid secret"})"));
  EXPECT_EQ(
      sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); }),
      "the FHIR server refused the client credentials of 'our-client' (400 Invalid secret): check --client-id and "
      "--client-secret-file");
  EXPECT_TRUE(fhir_requests().empty());
}

TEST_F(LoginTest, SharesABadNewsAmongThoseWhoWaitedForIt) {
  settings.concurrency = 50;
  medplum.tokens.push_back(reply(400, R"({"error":"invalid_request","error_description":"Invalid secret"})"));
  EXPECT_EQ(send_together(std::vector(50, get_of("Patient/1"))), 50);
  EXPECT_EQ(token_requests().size(), 1U);
}

TEST_F(LoginTest, RetriesATokenEndpointThatIsBusy) {
  medplum.tokens.push_back(reply(503));
  medplum.tokens.push_back(reply(429, "", {{"Retry-After", "0"}}));
  EXPECT_EQ(get("Patient/1").status, 200U);
}

TEST_F(LoginTest, BlamesNoJobForATokenEndpointThatStaysBusy) {
  for (int i = 0; i < 1000; ++i) medplum.tokens.push_back(reply(503));
  const auto why = sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); });
  EXPECT_EQ(why, "POST " + server.url() + "/oauth2/token: 503 Service Unavailable for 300 ms");
}

TEST_F(LoginTest, RenewsATokenBeforeItsEnd) {
  medplum.tokens.push_back(reply(200, R"({"access_token":"short","expires_in":1})"));
  get("Patient/1");
  const auto renewed = [&] { return token_requests().size() == 2; };
  const auto begin = fhir::Clock::now();
  while (!renewed()) get("Patient/1");
  const auto after = fhir::Clock::now() - begin;
  EXPECT_GE(after, std::chrono::milliseconds(700));
  EXPECT_LT(after, std::chrono::milliseconds(1000));
}

TEST_F(LoginTest, UsesTheOldTokenWhileTheNewOneIsOnItsWay) {
  medplum.tokens.push_back(reply(200, R"({"access_token":"old","expires_in":2})"));
  auto slow = reply(200, R"({"access_token":"new","expires_in":3600})");
  slow.held = true;
  medplum.tokens.push_back(slow);
  int over = 0;
  const auto count = [&](const std::exception_ptr&, const fhir::Response&) { ++over; };
  while (server.holding() == 0) {
    boost::asio::co_spawn(io.get_executor(), client().send(get_of("Patient/1"), stop), count);
    io.restart();
    io.run_for(std::chrono::milliseconds(20));
  }
  const int before = over;
  EXPECT_EQ(get("Patient/2").status, 200U);
  EXPECT_EQ(fhir_requests().back().header("Authorization"), "Bearer old");
  server.release();
  io.restart();
  while (over == before) io.run_one();
  get("Patient/3");
  EXPECT_EQ(fhir_requests().back().header("Authorization"), "Bearer new");
}

TEST_F(LoginTest, GoesOnWhileTheTokenLastsWhenTheTokenEndpointIsDown) {
  medplum.tokens = {reply(200, R"({"access_token":"last","expires_in":1})")};
  get("Patient/1");
  Reply cut;
  cut.then = Reply::Then::reset;
  for (int i = 0; i < 1000; ++i) medplum.tokens.push_back(cut);
  while (token_requests().size() < 2) get("Patient/1");
  EXPECT_EQ(get("Patient/2").status, 200U);
  EXPECT_EQ(fhir_requests().back().header("Authorization"), "Bearer last");
  EXPECT_LE(token_requests().size(), 3U) << "one failed early renewal, sent again at most once";
  const auto begin = fhir::Clock::now();
  std::string why;
  while (why.empty()) why = sentence<fhir::ServerUnavailable>([&] { patch("Observation/1"); });
  EXPECT_LT(fhir::Clock::now() - begin, std::chrono::seconds(5)) << "not a moment longer than it lasts";
  EXPECT_NE(why.find("POST " + server.url() + "/oauth2/token: "), std::string::npos) << why;
}

TEST_F(LoginTest, SendsItsSecretNowhereElse) {
  medplum.tokens.push_back(reply(302, "", {{"Location", server.url() + "/elsewhere"}}));
  EXPECT_EQ(sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); }),
            "no access token came from " + server.url() + "/oauth2/token (302 Found): check --token-url");
  EXPECT_EQ(server.received().size(), 1U);
}

TEST_F(LoginTest, WritesNothingBeforeTheServerSaysThatItMay) {
  medplum.me = {reply(403)};
  EXPECT_EQ(sentence<fhir::ServerUnavailable>([&] { patch("Observation/1"); }),
            "GET " + server.url() +
                "/auth/me: 403 Forbidden, which does not tell whether we may write accounts: check "
                "--fhir-url");
  for (int i = 0; i < 1000; ++i) medplum.me.push_back(reply(500));
  EXPECT_EQ(sentence<fhir::ServerUnavailable>([&] { patch("Observation/1"); }),
            "GET " + server.url() + "/auth/me: 500 Internal Server Error for 300 ms");
  EXPECT_TRUE(fhir_requests().empty());
}

TEST_F(LoginTest, BlamesNoJobWhenTheServerIsSilentAtTheLookAtOurRights) {
  settings.request_timeout = std::chrono::milliseconds(50);
  auto never = reply(200);
  never.held = true;
  for (int i = 0; i < 1000; ++i) medplum.me.push_back(never);
  EXPECT_EQ(sentence<fhir::ServerUnavailable>([&] { patch("Observation/1"); }),
            "no answer from " + server.url() + ": no answer in time; check that it runs and that --fhir-url is right");
  EXPECT_TRUE(fhir_requests().empty());
}

TEST_F(LoginTest, SeesANewSecret) {
  settings.client_secret_file = write("secret", "first\n");
  get("Patient/1");
  write("secret", "second\n");
  medplum.fhir.push_back(reply(401));
  get("Patient/1");
  EXPECT_NE(token_requests().at(0).body.find("client_secret=first"), std::string::npos);
  EXPECT_NE(token_requests().at(1).body.find("client_secret=second"), std::string::npos);
}

TEST_F(LoginTest, SeesANewTokenInItsFile) {
  settings.token_file = write("token", "one\n");
  patch("Observation/1");
  write("token", "two\n");
  const auto written_at = fhir::Clock::now();
  while (fhir::Clock::now() < written_at + std::chrono::milliseconds(100)) patch("Observation/1");
  patch("Observation/1");
  EXPECT_EQ(fhir_requests().front().header("Authorization"), "Bearer one");
  EXPECT_EQ(fhir_requests().back().header("Authorization"), "Bearer two");
  EXPECT_EQ(medplum.looks_at_me, 2);
  EXPECT_TRUE(token_requests().empty());
}

TEST_F(LoginTest, SaysThatTheTokenFileHoldsNoGoodToken) {
  settings.token_file = write("token", "expired-token");
  medplum.usual = reply(401);
  medplum.me.push_back(reply(401));
  const auto why = sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); });
  EXPECT_NE(why.find("--token-file"), std::string::npos) << why;
  EXPECT_EQ(why.find("expired-token"), std::string::npos) << "no secret in a message";
  write("token", "good");
  medplum.usual = reply(200);
  EXPECT_EQ(get("Patient/1").status, 200U);
}

TEST_F(LoginTest, NamesAFileThatIsNotThereOrNotOneLine) {
  settings.token_file = folder / "missing";
  EXPECT_NE(sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); }).find("No such file"), std::string::npos);
  for (const char* contents : {"", "\n", "a\nX-Evil: b", "a\rb"}) {
    write("missing", contents);
    const auto why = sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); });
    EXPECT_NE(why.find("must hold one line"), std::string::npos) << why;
  }
}

TEST_F(LoginTest, SaysThatALoginIsWanted) {
  settings.client_id.clear();
  medplum.usual = reply(401);
  medplum.me.push_back(reply(401));
  EXPECT_NE(sentence<fhir::ServerUnavailable>([&] { get("Patient/1"); }).find("set --client-id"), std::string::npos);
}

TEST_F(LoginTest, WritesNothingWithoutTheRight) {
  medplum.me.push_back(reply(200, R"({"project":{"id":"p"},"membership":{"id":"m"}})"));
  EXPECT_EQ(sentence<fhir::ServerUnavailable>([&] { patch("Observation/1"); }),
            "the client (client credentials of our-client) is no project admin: the server would silently ignore every "
            "change of accounts; make its ProjectMembership an admin");
  EXPECT_TRUE(fhir_requests().empty());
  EXPECT_EQ(patch("Observation/1").status, 200U) << "asked again, and admin now";
}

TEST_F(LoginTest, TakesAServerWithoutAuthMeAtItsWord) {
  medplum.me.push_back(reply(404));
  EXPECT_EQ(patch("Observation/1").status, 200U);
  EXPECT_EQ(patch("Observation/1").status, 200U);
  EXPECT_EQ(medplum.looks_at_me, 1);
}

TEST_F(LoginTest, ProbeFillsTheFacts) {
  medplum.fhir.push_back(reply(200, R"({"software":{"name":"medplum","version":"5.1.29-abc"}})"));
  run(io, client().probe());
  EXPECT_EQ(client().facts().software, "medplum 5.1.29-abc");
  EXPECT_EQ(client().facts().login, "client credentials of our-client");
  EXPECT_TRUE(client().facts().says_admin);
  EXPECT_FALSE(client().facts().rights_unknown);
  EXPECT_EQ(client().facts().warning, "");
}

TEST_F(LoginTest, ProbeWarnsOfAnAccessPolicy) {
  medplum.me.push_back(
      reply(200, R"({"membership":{"admin":true},"accessPolicy":{"resource":[{"resourceType":"Patient"}]}})"));
  run(io, client().probe());
  EXPECT_NE(client().facts().warning, "");
  run(io, client().probe());
  EXPECT_EQ(client().facts().warning, "") << "looked again";
}

TEST_F(LoginTest, ProbeTriesOnce) {
  for (int i = 0; i < 10; ++i) medplum.fhir.push_back(reply(503));
  EXPECT_EQ(sentence<fhir::ServerUnavailable>([&] { run(io, client().probe()); }),
            "GET " + server.url() + "/fhir/R4/metadata: 503 Service Unavailable");
  EXPECT_EQ(fhir_requests().size(), 1U);
  server.stop();
  EXPECT_NE(sentence<fhir::ServerUnavailable>([&] { run(io, client().probe()); }).find("no answer from"),
            std::string::npos);
}

}  // namespace
