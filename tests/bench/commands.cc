#include <chrono>
#include <iomanip>
#include <ostream>
#include <stdexcept>

#include "tests/bench/figures.h"
#include "tests/bench/stage.h"

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int running_jobs = 8;

/// How many commands clients send in a second; what scripts do inside is left out.
double commands_a_second(Stage& stage, std::chrono::seconds time) {
  PlainConnection monitor(stage.redis_server.socket());
  monitor.ask({"MONITOR"});
  const auto end = Clock::now() + time;
  int commands = 0;
  while (const auto line = monitor.next(end))
    if (line->text.find(" lua] ") == std::string::npos) ++commands;
  return commands / static_cast<double>(time.count());
}

/// Compartments large enough to be at work all the while.
void start_jobs(Stage& stage) {
  for (int i = 0; i < running_jobs; ++i) {
    sandbox::Seeding seeding;
    seeding.patient = "p" + std::to_string(i);
    seeding.members = 2000;
    stage.fhir.with_world([&](sandbox::World& world) { sandbox::seed_compartment(world, seeding); });
    stage.enqueue({"target", "Patient/" + seeding.patient, "accounts", sandbox::account(5), "propagate", "true"});
  }
  const auto all = std::to_string(running_jobs);
  while (stage.redis.ask({"HGET", "{set-accounts}:stats", "running"}).text != all) {
    if (stage.redis.ask({"HGET", "{set-accounts}:stats", "completed"}).text == all)
      throw std::runtime_error("the jobs ended before they were watched");
  }
}

}  // namespace

void measure_commands(const Effort& effort, std::ostream& out) {
  Stage stage(Keeping::synced_each_second, 10, 50ms);
  const auto worker = stage.worker();
  stage.warm_up();
  const std::chrono::seconds time(effort.seconds);
  const double idle = commands_a_second(stage, time);
  start_jobs(stage);
  const double busy = commands_a_second(stage, time);
  out << std::fixed << std::setprecision(2) << "Redis commands a second: " << idle << " of an idle worker, "
      << (busy - idle) / running_jobs << " more for each of " << running_jobs
      << " running jobs (progress at most four times a second)\n";
}

}  // namespace bench
