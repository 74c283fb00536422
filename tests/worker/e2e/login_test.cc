// Who we are and whom we trust: until both are right nothing is claimed, and no restart is needed once they are.

#include <filesystem>
#include <fstream>

#include "tests/fhir/certificates.h"
#include "tests/worker/e2e/end_to_end.h"

namespace {

using sandbox::FaultKind;
using sandbox::Request;
using sandbox::RequestKind;
using test::EndToEnd;
using test::organization;
using namespace std::chrono_literals;

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class Login : public EndToEnd {
 protected:
  explicit Login(sandbox::ServerOptions options = {}) : EndToEnd(std::move(options)) {}
  void SetUp() override {
    seeded = seed({.members = 40});
    look();
    oracle().expect(swap);
    job = enqueue(swap);
  }

  std::filesystem::path secret_file(const std::string& secret) const {
    const auto file = folder.path() / "secret";
    std::ofstream(folder.path() / "new") << secret << "\n";
    std::filesystem::rename(folder.path() / "new", file);
    return file;
  }
  void expect_nothing_was_claimed() {
    EXPECT_NE(field(job, "state"), "running");
    EXPECT_LE(number(job, "attempt"), 0);
    EXPECT_EQ(server.counters().requests_of("patch"), 0);
  }
  void expect_it_ends_right(test::ChildProcess& worker) {
    ASSERT_TRUE(until_state(job, "completed")) << worker.err();
    EXPECT_EQ(number(job, "attempt"), 1);
    EXPECT_EQ(wrong(), "");
    EXPECT_EQ(count_of(worker.err(), "not ready"), 1U) << worker.err();
  }

  const Request swap{"Patient/p", {organization(5)}, true};
  const test::TempFolder folder;
  sandbox::Seeded seeded;
  std::string job;
};

TEST_F(Login, NeedsNoRestartWhenTheSecretIsPutRight) {
  change_server([](sandbox::ServerOptions& options) { options.auth = true; });
  const auto secret = secret_file("wrong");
  const auto worker =
      this->worker({"--client-id", sandbox::Tokens::Options().client_id, "--client-secret-file", secret});
  ASSERT_TRUE(worker->wait_for_output("check --client-id and --client-secret-file")) << worker->err();
  ASSERT_TRUE(until([&] { return server.counters().requests_of("token") >= 2; })) << "it tries again";
  expect_nothing_was_claimed();
  secret_file(sandbox::Tokens::Options().client_secret);
  expect_it_ends_right(*worker);
}

TEST_F(Login, NeedsNoRestartWhenTheClientIsMadeAnAdmin) {
  change_server([](sandbox::ServerOptions& options) { options.admin = false; });
  const auto worker = this->worker();
  ASSERT_TRUE(worker->wait_for_output("make its ProjectMembership an admin")) << worker->err();
  ASSERT_TRUE(until([&] { return server.counters().requests_of("me") >= 2; }));
  expect_nothing_was_claimed();
  change_server([](sandbox::ServerOptions& options) { options.admin = true; });
  expect_it_ends_right(*worker);
}

TEST_F(Login, NeedsNoRestartWhenASilentServerSpeaksAgain) {
  server.set_silent(true);
  const auto worker = this->worker({"--request-timeout", "200ms"});
  ASSERT_TRUE(worker->wait_for_output("no answer from " + server.base_url())) << worker->err();
  ASSERT_TRUE(until([&] { return server.counters().requests_of("metadata") >= 2; }));
  expect_nothing_was_claimed();
  server.set_silent(false);
  expect_it_ends_right(*worker);
}

TEST_F(Login, HandsItsJobBackWhenTheTokenEndpointIsDownAndTheTokenOver) {
  change_server([](sandbox::ServerOptions& options) {
    options.auth = true;
    options.latency = 20ms;
  });
  server.before_patch([&, done = false](sandbox::World&, int n, const std::string&) mutable {
    if (n < 10 || done) return;
    done = true;
    server.add_fault({.kind = FaultKind::status, .on = RequestKind::token, .status = 400});
    server.revoke_tokens();
  });
  const auto secret = secret_file(sandbox::Tokens::Options().client_secret);
  const auto worker = this->worker(
      {"--concurrency", "2", "--client-id", sandbox::Tokens::Options().client_id, "--client-secret-file", secret});
  ASSERT_TRUE(worker->wait_for_output("not ready")) << worker->err();
  ASSERT_TRUE(until_state(job, "queued"));
  EXPECT_EQ(number(job, "attempt"), 0);
  server.clear_faults();
  expect_it_ends_right(*worker);
}

TEST_F(Login, EndsTheJobOfATargetThatAloneIsAnswered401) {
  server.add_fault({.kind = FaultKind::status,
                    .on = RequestKind::read,
                    .reference = seeded.target,
                    .status = 401,
                    .body = sandbox::FaultBody::outcome});
  const std::string once =
      enqueue({"target", seeded.target, "accounts", organization(6), "propagate", "true", "maxAttempts", "1"});
  const auto worker = this->worker();
  ASSERT_TRUE(until([&] { return field(job, "error").find("401 Unauthorized") != std::string::npos; }))
      << worker->err();
  EXPECT_EQ(number(job, "attempt"), 1);
  server.clear_faults();
  ASSERT_TRUE(until_state(once, "completed")) << worker->err();
  EXPECT_EQ(count_of(worker->err(), "not ready"), 0U) << worker->err();
}

TEST_F(Login, PassesTheTraceOnWithEveryRequestOfAJob) {
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  server.before_patch([](sandbox::World& world, int n, const std::string& reference) {
    if (n % 7 == 3) world.touch(reference);
  });
  ASSERT_EQ(drain(), 0) << said();
  server.reset_counters();
  enqueue({"target", seeded.target, "accounts", "", "propagate", "true", "traceparent", trace});
  ASSERT_EQ(drain(), 0) << said();
  const auto counters = server.counters();
  EXPECT_GT(counters.requests_of("read"), 2) << "others' patients, and what was written meanwhile";
  EXPECT_GT(counters.requests_of("page"), 1);
  ASSERT_EQ(counters.traces.size(), 1U);
  EXPECT_EQ(counters.traces.begin()->first, trace);
}

class OverTls : public Login {
 protected:
  OverTls() : Login(secured()) {}
  static const test::Certificates& certificates() {
    static const test::Certificates made("IP:127.0.0.1");
    return made;
  }

 private:
  static sandbox::ServerOptions secured() {
    sandbox::ServerOptions options;
    options.tls_certificate = certificates().certificate();
    options.tls_key = certificates().key();
    return options;
  }
};

TEST_F(OverTls, TrustsAPrivateAuthorityThatItIsTold) {
  ASSERT_EQ(drain({"--ca-file", certificates().ca()}), 0) << said();
  EXPECT_EQ(wrong(), "");
}

/// Neither OpenSSL's own configuration nor what other programs listen to.
TEST_F(OverTls, CannotBeTalkedOutOfVerifying) {
  const auto configuration = folder.path() / "openssl.cnf";
  std::ofstream(configuration) << "openssl_conf = init\n[init]\nssl_conf = ssl\n[ssl]\nsystem_default = lax\n"
                                  "[lax]\nVerifyMode = None\nMinProtocol = TLSv1\nCipherString = DEFAULT@SECLEVEL=0\n";
  const auto worker = this->worker({}, {{"OPENSSL_CONF", configuration},
                                        {"NODE_TLS_REJECT_UNAUTHORIZED", "0"},
                                        {"PYTHONHTTPSVERIFY", "0"},
                                        {"SSL_VERIFY", "false"},
                                        {"SET_ACCOUNTS_INSECURE", "true"}});
  ASSERT_TRUE(worker->wait_for_output("its certificate is not to be trusted")) << worker->err();
  expect_nothing_was_claimed();
  EXPECT_EQ(server.counters().requests.size(), 0U) << "not a byte of a request";
}

}  // namespace
