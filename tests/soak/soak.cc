#include "tests/soak/soak.h"

#include <cstdlib>
#include <iomanip>
#include <iostream>

namespace soak {
namespace {

sandbox::ServerOptions server_options() {
  sandbox::ServerOptions options;
  options.auth = true;
  options.tokens.others = {{.id = "caller", .secret = "caller", .admin = true}};
  return options;
}

}  // namespace

Soak::Soak() : EndToEnd(server_options()) {}

void Soak::seed_targets(int count) {
  for (int i = 0; i < count; ++i) {
    sandbox::Seeding seeding;
    seeding.patient = "p" + std::to_string(i);
    seeding.members = static_cast<std::size_t>(10 + i * 7 % 31);
    seeding.seed = static_cast<std::uint64_t>(i + 1);
    const sandbox::Seeded seeded = seed(seeding);
    targets_.push_back(seeded.target);
    members_[seeded.target] = seeded.members;
  }
  look();
}

RunningWorker& Soak::start_worker(test::Fields options) {
  test::Fields command{SET_ACCOUNTS_PROGRAM, "worker",          "--redis-url", redis_server.url(),
                       "--fhir-url",         server.fhir_url(), "--client-id", "client"};
  command.insert(command.end(), options.begin(), options.end());
  const auto log = folder_.path() / ("worker-" + std::to_string(workers_.size()) + ".log");
  RunningWorker& worker = workers_.emplace_back(std::move(command), log);
  if (!until([&] { return worker.has_been_ready(); })) complain("a worker never was ready: " + worker.log());
  return worker;
}

std::string Soak::logs() const {
  std::string all;
  for (const RunningWorker& worker : workers_) all += worker.log();
  return all;
}

void Soak::claim(const std::string& what, long found, bool right) {
  std::cout << std::left << std::setw(80) << what << std::right << std::setw(8) << found << (right ? "  ok" : "  WRONG")
            << std::endl;
  if (!right) complain(what + ": " + std::to_string(found));
}

long asked_for(const char* variable, long usual) {
  const char* text = std::getenv(variable);
  return text == nullptr ? usual : std::stol(text);
}

}  // namespace soak
