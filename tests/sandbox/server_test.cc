#include "sandbox/server.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>
#include <unistd.h>

#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include "sandbox/control.h"
#include "sandbox/gzip.h"
#include "sandbox/served_patient.h"

using namespace sandbox;

namespace {

void in_parallel(int n, const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

TEST(Server, ServesManyConnectionsAndCountsWhatWasInFlight) {
  ServerOptions options;
  options.latency = std::chrono::milliseconds(100);
  ServedPatient served(options);
  in_parallel(64, [&](int i) {
    HttpClient client(served.server.port());
    const std::string& member = served.seeded.members[static_cast<std::size_t>(i)];
    const std::string target = "/fhir/R4/" + member;
    EXPECT_EQ(client.patch(target, set_accounts_patch({account(3)})).status, 200U);
    EXPECT_EQ(client.patch(target, set_accounts_patch({account(3)})).status, 200U);
  });
  const Counters counters = served.server.counters();
  EXPECT_EQ(counters.connections, 64);
  EXPECT_EQ(counters.requests_of("patch"), 128);
  EXPECT_EQ(counters.answers_of(200), 128);
  EXPECT_EQ(counters.total_writes(), 64);
  EXPECT_EQ(counters.wasted_writes, 64);
  EXPECT_EQ(counters.patches_in_flight, 0);
  EXPECT_GT(counters.most_patches_in_flight, 8);
  EXPECT_LE(counters.most_patches_in_flight, 64);
}

TEST(Server, TakesItsLatencyFromTheRequestsInFlight) {
  ServerOptions options;
  long most = 0;
  options.latency_in_flight = [&](long in_flight) {
    most = std::max(most, in_flight);
    return std::chrono::milliseconds(in_flight);
  };
  ServedPatient served(options);
  in_parallel(8, [&](int) { EXPECT_EQ(HttpClient(served.server.port()).get("/fhir/R4/Patient/p").status, 200U); });
  served.server.with_world([](World&) {});
  EXPECT_GE(most, 1);
}

TEST(Server, CanBeSilentAndSpeakAgain) {
  ServedPatient served;
  served.server.set_silent(true);
  served.client.set_limit(std::chrono::milliseconds(60));
  EXPECT_THROW(served.get("Patient/p"), std::runtime_error);
  served.server.set_silent(false);
  served.client.set_limit(std::chrono::seconds(10));
  EXPECT_EQ(served.get("Patient/p").status, 200U);
}

TEST(Server, CanCloseAndReopenAtTheSamePort) {
  ServedPatient served;
  EXPECT_EQ(served.get("Patient/p").status, 200U);
  const std::uint16_t port = served.server.port();
  served.server.close();
  EXPECT_THROW(served.get("Patient/p"), boost::system::system_error);
  EXPECT_THROW(served.get("Patient/p"), boost::system::system_error);
  served.server.reopen();
  EXPECT_EQ(served.server.port(), port);
  EXPECT_EQ(served.get("Patient/p").status, 200U);
}

TEST(Server, CutsConnectionsAndGoesOnListening) {
  ServedPatient served;
  EXPECT_EQ(served.get("Patient/p").status, 200U);
  served.server.drop_connections();
  EXPECT_THROW(served.get("Patient/p"), boost::system::system_error);
  EXPECT_EQ(served.get("Patient/p").status, 200U);
}

TEST(Server, RefusesHeadersThatNodeWouldRefuse) {
  ServedPatient served;
  EXPECT_EQ(served.get("Patient/p?" + std::string(20'000, 'x')).status, 431U);
  EXPECT_EQ(served.get("Patient/p").status, 200U);
}

TEST(Server, SpeaksTls) {
  const auto folder = std::filesystem::temp_directory_path() / ("sandbox-tls-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  ServerOptions options;
  options.tls_certificate = folder / "cert.pem";
  options.tls_key = folder / "key.pem";
  const std::string command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -out " +
      options.tls_certificate + " -keyout " + options.tls_key + " 2>/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  Server server(options);
  server.with_world([](World& world) { seed_compartment(world, {}); });
  HttpClient client(server.port(), true);
  EXPECT_TRUE(server.fhir_url().starts_with("https://127.0.0.1:"));
  EXPECT_EQ(client.get("/fhir/R4/Patient/p").status, 200U);
  EXPECT_EQ(client.get("/fhir/R4/Patient/p").status, 200U);
  std::filesystem::remove_all(folder);
}

TEST(Server, AnswersThousandsOfRequestsASecond) {
  ServedPatient served;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(served.get("Patient/p").status, 200U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5))
      << "a fifth of a second where nothing checks";
}

struct ControlOverHttp : testing::Test {
  ControlOverHttp() : control(served.server, [&] { quit = true; }) {
    served.server.set_control([&](const Asked& asked) { return control.answer(asked); });
  }
  Json post(const std::string& what) { return served.client.post("/sandbox/" + what).json(); }
  bool quit = false;
  ServedPatient served;
  Control control;
};

TEST_F(ControlOverHttp, JudgesAWholePropagation) {
  EXPECT_EQ(served.client.post("/sandbox/expect?target=Patient/p").status, 400U) << "no snapshot yet";
  post("snapshot");
  for (const std::string& member : served.seeded.members) served.patch(member, set_accounts_patch({account(3)}));
  served.patch("Patient/p", set_accounts_patch({account(3)}));
  const Json expected = post("expect?target=Patient/p&propagate=true&accounts=" + percent_encoded(account(3)));
  EXPECT_EQ(expected["resourcesUpdated"].GetInt(), 101);
  const Json found = served.client.get("/sandbox/differences").json();
  EXPECT_GT(found["count"].GetInt(), 0) << "members' other accounts were thrown away";
  EXPECT_EQ(found["count"].GetUint(), found["differences"].Size());
}

TEST_F(ControlOverHttp, SetsFaultsCountsAndChangesTheWorld) {
  EXPECT_TRUE(post("fault?kind=status&on=read&status=500&times=1")["ok"].GetBool());
  EXPECT_EQ(served.get("Patient/p").status, 500U);
  EXPECT_EQ(served.get("Patient/p").status, 200U);
  EXPECT_EQ(served.client.get("/sandbox/counters").json()["statuses"]["500"].GetInt(), 1);
  post("counters/reset");
  EXPECT_EQ(served.client.get("/sandbox/counters").json()["requests"].MemberCount(), 0U);
  EXPECT_TRUE(post("world?do=erase&ref=Observation/p-m-0")["ok"].GetBool());
  EXPECT_EQ(served.get("Observation/p-m-0").status, 410U);
  EXPECT_EQ(served.client.post("/sandbox/world?do=erase&ref=Observation/p-m-0").status, 400U);
  EXPECT_EQ(served.client.post("/sandbox/fault?kind=none").status, 400U);
  EXPECT_EQ(served.client.post("/sandbox/nonsense").status, 400U);
  post("quit");
  EXPECT_TRUE(quit);
}

TEST(Program, SaysWhereItListensAndQuitsWhenAsked) {
  const auto port_file = std::filesystem::temp_directory_path() / ("sandbox-port-" + std::to_string(::getpid()));
  const std::string command =
      std::string(FHIR_SANDBOX) + " --seed-patient p --members 40 --port-file " + port_file.string();
  FILE* program = ::popen(command.c_str(), "r");
  ASSERT_NE(program, nullptr);
  std::array<char, 200> line{};
  ASSERT_NE(std::fgets(line.data(), line.size(), program), nullptr);
  const std::string said = line.data();
  ASSERT_TRUE(said.starts_with("fhir-sandbox: listening on http://127.0.0.1:")) << said;
  const auto port = static_cast<std::uint16_t>(std::stoi(said.substr(said.rfind(':') + 1)));
  HttpClient client(port);
  EXPECT_EQ(client.get("/fhir/R4/Patient/p").status, 200U);
  EXPECT_EQ(client.post("/sandbox/quit").status, 200U);
  EXPECT_EQ(::pclose(program), 0);
  std::string written;
  std::ifstream(port_file) >> written;
  EXPECT_EQ(written, std::to_string(port));
  std::filesystem::remove(port_file);
}

TEST(Program, NamesABadOptionAndExits2) {
  FILE* program = ::popen((std::string(FHIR_SANDBOX) + " --paging sideways 2>&1").c_str(), "r");
  std::array<char, 400> line{};
  ASSERT_NE(std::fgets(line.data(), line.size(), program), nullptr);
  EXPECT_NE(std::string(line.data()).find("--paging"), std::string::npos);
  EXPECT_EQ(WEXITSTATUS(::pclose(program)), 2);
}

TEST(Gzip, ComesToThoseWhoAskForItWhenItIsWorthIt) {
  ServedPatient served;
  HttpClient client(served.server.port());
  const std::string page = "/fhir/R4/Patient/p/$everything";
  const Headers asking = {{"X-Medplum", "extended"}, {"Accept-Encoding", "gzip"}};
  const Reply plain = client.get(page);
  EXPECT_EQ(plain.header("Content-Encoding"), "");
  const Reply packed = client.get(page, asking);
  EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
  EXPECT_EQ(packed.body, gzipped(plain.body));
  EXPECT_LT(packed.body.size() * 2, plain.body.size());
  EXPECT_EQ(client.get("/healthcheck", asking).header("Content-Encoding"), "") << "too small";
  served.server.change_options([](ServerOptions& options) { options.gzip = false; });
  EXPECT_EQ(client.get(page, asking).header("Content-Encoding"), "");
}

}  // namespace
