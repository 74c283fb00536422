#include <chrono>
#include <iomanip>
#include <ostream>
#include <string>

#include "tests/bench/figures.h"
#include "tests/bench/spread.h"
#include "tests/bench/stage.h"

namespace bench {
namespace {

using namespace std::chrono_literals;

/// A plain write from the same connection: what of the time is Redis' own and its disk's.
double p99_of_a_write(Stage& stage, int times) {
  Spread spread;
  for (int i = 0; i < times; ++i) {
    const auto asked = std::chrono::steady_clock::now();
    stage.redis.ask({"SET", "somebody else's", std::to_string(i)});
    spread.add(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - asked).count());
  }
  return spread.p99();
}

void measure_latency(Keeping keeping, int jobs, std::ostream& out) {
  Stage stage(keeping, 10, 0ms);
  const auto worker = stage.worker();
  stage.warm_up();
  Spread spread;
  for (int i = 0; i < jobs; ++i) {
    stage.events.forget_the_past();
    const auto asked = std::chrono::steady_clock::now();
    const auto job = stage.enqueue({"target", stage.seeded.target, "accounts", sandbox::account(5), "dryRun", "true"});
    const auto running = stage.events.wait_for(job, "running");
    spread.add(std::chrono::duration<double, std::milli>(running - asked).count());
    stage.events.wait_for(job, "completed");
  }
  out << std::fixed << std::setprecision(2) << "XADD to running, idle worker, Redis " << name_of(keeping) << ": median "
      << spread.median() << " ms, p99 " << spread.p99() << " ms, most " << spread.most() << " ms of " << spread.size()
      << " (goal: p99 5 ms); a SET there: p99 " << p99_of_a_write(stage, jobs) << " ms\n";
}

}  // namespace

void measure_latency(const Effort& effort, std::ostream& out) {
  measure_latency(Keeping::synced_each_second, effort.idle_jobs, out);
  measure_latency(Keeping::as_embedded, effort.idle_jobs, out);
}

}  // namespace bench
