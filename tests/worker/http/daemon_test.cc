#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "tests/worker/e2e/end_to_end.h"
#include "tests/worker/http/raw_client.h"

namespace {

using namespace std::chrono_literals;
using test::organization;
using test::RawClient;

/// The program, listening where it was free.
class Daemon : public test::EndToEnd {
 protected:
  std::unique_ptr<test::ChildProcess> listening(test::Fields options = {}) {
    options.insert(options.end(), {"--listen", "127.0.0.1:0"});
    auto started = worker(std::move(options));
    const std::string before = "listening address=127.0.0.1:";
    if (!started->wait_for_output(before)) throw std::runtime_error(started->err());
    if (!started->wait_for_output("worker started")) throw std::runtime_error(started->err());
    const std::string& said = started->err();
    port = static_cast<std::uint16_t>(std::stoul(said.substr(said.find(before) + before.size())));
    return started;
  }
  std::string get(const std::string& path) const {
    RawClient client(port);
    client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return client.read_all();
  }
  bool is_ready() const { return get("/readyz").starts_with("HTTP/1.1 200 "); }

  std::uint16_t port = 0;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(Daemon, IsHealthyAndReadyWhenItsServersAnswer) {
  const auto started = listening();
  EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(until([&] { return is_ready(); })) << get("/readyz");
  EXPECT_TRUE(get("/healthz/x").starts_with("HTTP/1.1 404 "));
  EXPECT_TRUE(has(get("/fhir/R4/Patient/p"), "OperationOutcome"));
  RawClient client(port);
  client.send("POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
  const std::string refusal = client.read_response();
  EXPECT_TRUE(refusal.starts_with("HTTP/1.1 405 ")) << refusal;
  EXPECT_TRUE(has(refusal, "Allow: GET, HEAD\r\n")) << refusal;
}

TEST_F(Daemon, SaysWhichPartKeepsItFromBeingReadyAndNothingOfWhatThatPartSaid) {
  change_server([](sandbox::ServerOptions& options) { options.admin = false; });
  const auto started = listening();
  ASSERT_TRUE(started->wait_for_output("not ready")) << started->err();
  const std::string why = R"({"ready":false,"why":["The FHIR server cannot be worked with"]})";
  EXPECT_TRUE(until([&] { return has(get("/readyz"), why); })) << get("/readyz");
  EXPECT_TRUE(get("/readyz").starts_with("HTTP/1.1 503 "));
  change_server([](sandbox::ServerOptions& options) { options.admin = true; });
  EXPECT_TRUE(until([&] { return is_ready(); }));
}

TEST_F(Daemon, AnswersBeforeItsServersAreThere) {
  server.close();
  const auto started = listening();
  EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(get("/readyz").starts_with("HTTP/1.1 503 "));
  server.reopen();
  EXPECT_TRUE(until([&] { return is_ready(); })) << get("/readyz");
}

TEST_F(Daemon, IsNotReadyWhileItStopsAndAnswersUntilTheLastJobIsSettled) {
  const auto seeded = seed({.members = 400});
  change_server([](sandbox::ServerOptions& options) { options.latency = 40ms; });
  const std::string job = enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true"});
  const auto started = listening({"--concurrency", "4"});
  ASSERT_TRUE(until([&] { return number(job, "resourcesWritten") > 0; })) << started->err();
  ASSERT_TRUE(hang_patches({.times = 4, .after_commit = true, .wait = 2s})) << started->err();
  started->signal(SIGTERM);
  EXPECT_TRUE(until([&] { return has(get("/readyz"), "\"stopping\""); }));
  EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(field(job, "state"), "running");
  RawClient idle(port);
  EXPECT_TRUE(idle.is_hung_up());
  EXPECT_EQ(started->wait(), 0) << started->err();
  EXPECT_EQ(field(job, "state"), "queued");
}

TEST_F(Daemon, EndsIfTheAddressThatItWasGivenIsTaken) {
  const auto started = listening();
  const std::string address = "127.0.0.1:" + std::to_string(port);
  const auto second = worker({"--listen", address});
  EXPECT_EQ(second->wait(), 1);
  EXPECT_TRUE(has(second->err(), "--listen " + address + ": Address already in use")) << second->err();
}

TEST_F(Daemon, GoesOnWithoutHttpIfAnotherListensWhereAllDoThatAreNotToldOtherwise) {
  const test::Fields command{SET_ACCOUNTS_PROGRAM, "worker",          "--redis-url",  redis_server.url(),
                             "--fhir-url",         server.fhir_url(), "--log-format", "text"};
  test::ChildProcess first(command);
  ASSERT_TRUE(first.wait_for_output("worker started")) << first.err();
  test::ChildProcess second(command);
  EXPECT_TRUE(second.wait_for_output("no HTTP")) << second.err();
  EXPECT_TRUE(second.wait_for_output("info    ready")) << second.err();
}

TEST_F(Daemon, SharesNoConnectionsWithASecondWorker) {
  const auto first = listening();
  const auto port_of_first = port;
  const auto second = listening();
  EXPECT_NE(port, port_of_first);
  EXPECT_TRUE(until([&] { return is_ready(); }));
  second->signal(SIGTERM);
  EXPECT_EQ(second->wait(), 0);
  port = port_of_first;
  EXPECT_TRUE(until([&] { return is_ready(); }));
}

/// They send a head without an end, a body without one, or say nothing at all.
std::vector<std::unique_ptr<RawClient>> slow_clients(std::uint16_t port, std::size_t count) {
  const std::vector<std::string> beginnings = {
      "GET /fhir/R4/metadata HTTP/1.1\r\nX: ",
      "POST /fhir/R4/Patient/p/$set-accounts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n{",
      "POST /fhir/R4/Patient/p/$set-accounts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1", ""};
  std::vector<std::unique_ptr<RawClient>> clients;
  for (std::size_t i = 0; i < count; ++i) {
    clients.push_back(std::make_unique<RawClient>(port));
    clients.back()->send(beginnings[i % beginnings.size()]);
  }
  return clients;
}

TEST_F(Daemon, RunsItsJobsWhateverSlowClientsDo) {
  const auto seeded = seed({.members = 2000});
  look();
  const auto started = listening();
  auto slow = slow_clients(port, 200);
  const sandbox::Request swap{seeded.target, {organization(5)}, true};
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  for (std::size_t bytes = 0; !until([&] { return field(job, "state") == "completed"; }, 50ms); ++bytes) {
    ASSERT_LT(bytes, 1000U) << started->err();
    for (const auto& client : slow) client->send("a");
    ASSERT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 "));
  }
  EXPECT_EQ(wrong(), "");
}

TEST_F(Daemon, WarnsThatTokensAreSentInTheClearBeyondLoopback) {
  const auto started = worker({"--listen", "0.0.0.0:0"});
  EXPECT_TRUE(started->wait_for_output("tokens of callers are sent in the clear")) << started->err();
}

TEST_F(Daemon, ListensNowhereIfItIsToldSo) {
  const auto started = worker({"--listen", ""});
  ASSERT_TRUE(started->wait_for_output("worker started")) << started->err();
  EXPECT_FALSE(has(started->err(), "listening"));
}

}  // namespace
