#include <algorithm>

#include <boost/asio/co_spawn.hpp>

#include "fhir/client.h"
#include "sandbox/server.h"
#include "tests/faults/killable_context.h"
#include "worker/readiness.h"
#include "worker/server_health.h"

namespace {

using namespace std::chrono_literals;

config::Fhir settings_for(const sandbox::Server& server) {
  config::Fhir settings;
  settings.url = server.fhir_url();
  return settings;
}

std::ptrdiff_t count(const std::string& text, const std::string& part) {
  std::ptrdiff_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// The FHIR server is away for a hundred probes and more, now in one way and now in another.
TEST(Outage, OfTheFhirServerIsOneLineHoweverOftenItIsTried) {
  sandbox::Server server;
  faults::KillableContext io;
  const config::Fhir settings = settings_for(server);
  fhir::Stop stop;
  worker::Readiness readiness;
  worker::service::VitalSigns signs;
  fhir::Client client(io.get_executor(), settings);
  worker::ServerHealth health(client, stop, readiness, signs,
                              {.first = 1ms, .longest = 5ms, .well_again = 1h, .longest_probe = 1min});
  readiness.note(worker::Readiness::Part::redis, {});
  boost::asio::co_spawn(io.get_executor(), health.watch(), [](const std::exception_ptr&) {});
  const auto pass_until_up = [&](bool up) {
    for (int i = 0; i < 1000 && health.up() != up; ++i) {
      io.restart();
      io.run_for(10ms);
    }
    EXPECT_EQ(health.up(), up);
  };
  testing::internal::CaptureStderr();
  pass_until_up(true);
  health.report("a write found it away", true);
  for (int i = 0; i < 5; ++i) {
    server.close();
    io.restart();
    io.run_for(100ms);
    server.add_fault({.on = sandbox::RequestKind::metadata, .status = 503});
    server.reopen();
    io.restart();
    io.run_for(100ms);
    EXPECT_FALSE(health.up());
  }
  server.clear_faults();
  pass_until_up(true);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(count(said, " not ready "), 1) << said;
  EXPECT_EQ(count(said, " ready"), 3) << said;
  EXPECT_LE(count(said, "\n"), 6) << said;
  io.kill();
}

}  // namespace
