#include <chrono>
#include <cstdint>
#include <iomanip>
#include <ostream>
#include <sstream>
#include <string>
#include <thread>

#include "tests/bench/figures.h"
#include "tests/bench/stage.h"

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

double number_after(const std::string& info, const std::string& name) {
  const auto at = info.find("\n" + name + ":");
  return at == std::string::npos ? 0 : std::stod(info.substr(at + name.size() + 2));
}

/// CPU seconds of the server, and bytes it holds.
struct Usage {
  double cpu = 0;
  double memory = 0;
};

Usage usage_of(PlainConnection& redis) {
  const std::string cpu = redis.ask({"INFO", "cpu"}).text;
  const std::string memory = redis.ask({"INFO", "memory"}).text;
  return {.cpu = number_after(cpu, "used_cpu_sys") + number_after(cpu, "used_cpu_user"),
          .memory = number_after(memory, "used_memory")};
}

/// Microseconds that commands of clients took, those inside scripts counted once.
double microseconds_in_commands(PlainConnection& redis) {
  std::istringstream lines(redis.ask({"INFO", "commandstats"}).text);
  double sum = 0;
  for (std::string line; std::getline(lines, line);) {
    const bool of_a_client = line.starts_with("cmdstat_evalsha:") || line.starts_with("cmdstat_eval:") ||
                             line.starts_with("cmdstat_xread:") || line.starts_with("cmdstat_info:");
    const auto at = line.find("usec=");
    if (of_a_client && at != std::string::npos) sum += std::stod(line.substr(at + 5));
  }
  return sum;
}

void wait_until_all_ended(Stage& stage, int jobs) {
  while (stage.redis.ask({"HGET", "{set-accounts}:stats", "completed"}).text != std::to_string(jobs))
    std::this_thread::sleep_for(20ms);
}

std::int64_t bytes_of(PlainConnection& redis, const std::string& key) {
  return redis.ask({"MEMORY", "USAGE", key, "SAMPLES", "0"}).number;
}

void measure_backlog(Keeping keeping, int jobs, std::ostream& out) {
  Stage stage(keeping, static_cast<std::size_t>(jobs), 0ms);
  stage.events.stop();
  const Usage empty = usage_of(stage.redis);
  std::string job;
  for (int i = 0; i < jobs; ++i)
    job = stage.enqueue({"target", stage.seeded.members[static_cast<std::size_t>(i)], "accounts", sandbox::account(5)});
  stage.redis.ask({"CONFIG", "RESETSTAT"});
  const Usage before = usage_of(stage.redis);
  const auto began = Clock::now();
  const auto worker = stage.worker({"--jobs", "16"});
  wait_until_all_ended(stage, jobs);
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  const double in_commands = microseconds_in_commands(stage.redis);
  const Usage after = usage_of(stage.redis);

  out << std::fixed << std::setprecision(0) << "Redis " << name_of(keeping) << ":\n"
      << "  jobs without propagation, one worker: " << jobs / seconds << " a second (" << jobs
      << " of a backlog, each a read and a PATCH)\n"
      << "  Redis per job: " << in_commands / jobs << " us in commands, " << (after.cpu - before.cpu) * 1e6 / jobs
      << " us of CPU in all\n"
      << "  Redis per finished record: " << (after.memory - empty.memory) / jobs << " bytes in all, of which "
      << bytes_of(stage.redis, "{set-accounts}:job:" + job) << " the record itself\n";
}

}  // namespace

void measure_backlog(const Effort& effort, std::ostream& out) {
  measure_backlog(Keeping::synced_each_second, effort.backlog, out);
  measure_backlog(Keeping::as_embedded, effort.backlog, out);
}

}  // namespace bench
