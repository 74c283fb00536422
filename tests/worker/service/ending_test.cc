#include <csignal>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <sstream>

#include "tests/worker/e2e/end_to_end.h"
#include "tests/worker/http/raw_client.h"

namespace {

using namespace std::chrono_literals;
using test::organization;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Whether anybody on this machine is connected to that port of 127.0.0.1, as /proc/net/tcp has it.
bool is_connected_to(std::uint16_t port) {
  std::ostringstream peer;
  peer << " 0100007F:" << std::hex << std::uppercase << std::setw(4) << std::setfill('0') << port << " 01 ";
  std::ifstream connections("/proc/net/tcp");
  return has({std::istreambuf_iterator<char>(connections), {}}, peer.str());
}

/// Told to end while something is in flight.
class Ending : public test::EndToEnd {
 protected:
  /// It ends by itself, and well before its grace.
  static void expect_good_end(test::ChildProcess& process) {
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(20s), 0) << process.err();
    EXPECT_TRUE(has(process.err(), "worker stopped handedBack=")) << process.err();
    EXPECT_FALSE(has(process.err(), "in a hurry")) << process.err();
  }
};

TEST_F(Ending, DoesNotWaitForAServerThatNeverAnswersItsProbe) {
  server.set_silent(true);
  const auto process = worker();
  ASSERT_TRUE(until([&] { return is_connected_to(server.port()); })) << process->err();
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(5s), 0) << process->err();
  EXPECT_FALSE(has(process->err(), "in a hurry")) << process->err();
}

TEST_F(Ending, DoesNotWaitLongForAFrozenRedis) {
  const auto process = worker();
  ASSERT_TRUE(process->wait_for_output("info    ready")) << process->err();
  redis_server.stop();
  expect_good_end(*process);
}

TEST_F(Ending, LetsGoOfWhoeverListensToEvents) {
  const auto process = worker({"--listen", "127.0.0.1:0"});
  const std::string before = "listening address=127.0.0.1:";
  ASSERT_TRUE(process->wait_for_output("info    ready")) << process->err();
  const auto at = process->err().find(before) + before.size();
  test::RawClient client(static_cast<std::uint16_t>(std::stoul(process->err().substr(at))));
  client.send("GET /status/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.read_until("event:");
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(10s), 0) << process->err();
  EXPECT_FALSE(has(process->err(), "cut off")) << process->err();
}

TEST_F(Ending, OfADrainThatWasInterruptedIsNoSuccess) {
  const auto seeded = seed({.members = 4});
  const std::string job = enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true"});
  server.add_fault({.kind = sandbox::FaultKind::stall, .on = sandbox::RequestKind::patch, .wait = 1s});
  const auto process = worker({"--drain"});
  ASSERT_TRUE(until([&] { return server.counters().patches_in_flight > 0; })) << process->err();
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(), 1) << process->err();
  EXPECT_TRUE(has(process->err(), "worker stopped handedBack=1 leftToTheirLease=0")) << process->err();
}

TEST_F(Ending, WithBadSettingsIs2) {
  test::ChildProcess bad_certificate({SET_ACCOUNTS_PROGRAM, "worker", "--redis-url", redis_server.url(), "--fhir-url",
                                      server.fhir_url(), "--listen", "127.0.0.1:0", "--tls-cert-file", "/etc/hostname",
                                      "--tls-key-file", "/etc/hostname"});
  EXPECT_EQ(bad_certificate.wait(), 2) << bad_certificate.err();
  EXPECT_TRUE(has(bad_certificate.err(), "set-accounts: --tls-cert-file /etc/hostname: ")) << bad_certificate.err();
}

}  // namespace
