#include "tests/bench/whole_job/figures/growth.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/whole_job/figures/clients.h"
#include "tests/bench/whole_job/figures/table.h"

namespace whole_job {
namespace {

/// Up to here memory has a bound of its own, further on one for each resource.
constexpr std::uint64_t judged_from = 20'000;

void print_sizes(const std::vector<std::uint64_t>& sizes) {
  std::printf("| resources | seconds | resources/s | CPU us each | peak MiB | bytes per further resource |\n");
  std::printf("|----------:|--------:|------------:|------------:|---------:|---------------------------:|\n");
  std::optional<Run> before, first_judged;
  for (const std::uint64_t size : sizes) {
    Setting setting;
    setting.resources = size;
    const Run run = run_worker(setting, {});
    std::printf("| %9.0f | %7.2f | %11.0f | %11.1f | %8.1f |", run.resources, run.seconds, run.rate(), run.cpu_each(),
                run.peak_mib);
    if (before) {
      const double bytes = (run.peak_mib - before->peak_mib) * 1024 * 1024;
      std::printf(" %26.1f", bytes / (run.resources - before->resources));
    }
    std::printf(" |\n");
    std::fflush(stdout);
    before = run;
    if (!first_judged || size == judged_from) first_judged = run;
  }
  if (before->resources <= static_cast<double>(judged_from)) return;
  const double bytes = (before->peak_mib - first_judged->peak_mib) * 1024 * 1024;
  print_goal("bytes per resource beyond the first " + std::to_string(judged_from),
             bytes / (before->resources - first_judged->resources), "B", false, 24);
}

void print_jobs_at_once(std::uint64_t size) {
  Setting setting;
  setting.patients = 8;
  setting.resources = size;
  const Run run = run_worker(setting, {.more = {"--jobs", "8"}});
  std::printf("\neight jobs of %llu resources at once: %.2f s, %.0f resources/s\n",
              static_cast<unsigned long long>(size), run.seconds, run.rate());
  print_goal("peak RSS of eight jobs at once", run.peak_mib, "MiB", false, 64);
  std::printf("\n");
}

/// As many resources as take about two seconds, should the connections be used to the full.
void print_concurrency(const std::vector<int>& latencies, const std::vector<std::size_t>& bounds, double seconds) {
  std::printf("| latency | --concurrency | resources/s | of concurrency / latency | CPU us each |\n");
  std::printf("|--------:|--------------:|------------:|-------------------------:|------------:|\n");
  for (const int latency : latencies) {
    for (const std::size_t bound : bounds) {
      Setting setting;
      setting.latency = std::chrono::milliseconds(latency);
      setting.connections = bound;
      const double ideal = static_cast<double>(bound) * 1000 / latency;
      setting.resources = std::min<std::uint64_t>(50'000, static_cast<std::uint64_t>(ideal * seconds) + 100);
      const Run run = run_worker(setting, {});
      std::printf("| %4d ms | %13zu | %11.0f | %24.3f | %11.1f |\n", latency, bound, run.rate(), run.rate() / ideal,
                  run.cpu_each());
      std::fflush(stdout);
    }
  }
}

}  // namespace

void print_growth(bool quick) {
  if (quick) {
    print_sizes({200, 1200});
    print_jobs_at_once(50);
    print_concurrency({1}, {1, 4}, 0.1);
    return;
  }
  print_sizes({1'000, 10'000, judged_from, 100'000, 1'000'000});
  print_jobs_at_once(20'000);
  print_concurrency({1, 10, 50}, {1, 4, 16, 32, 64, 128, 256}, 2);
}

}  // namespace whole_job
