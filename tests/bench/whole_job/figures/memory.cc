#include "tests/bench/whole_job/figures/memory.h"

#include <cstdio>
#include <string>
#include <vector>

#include "tests/bench/whole_job/figures/clients.h"

namespace whole_job {
namespace {

Run run_of(std::uint64_t jobs, int page_size, std::uint64_t resources) {
  Setting setting;
  setting.patients = jobs;
  setting.resources = resources;
  return run_worker(setting, {.more = {"--jobs", std::to_string(jobs), "--page-size", std::to_string(page_size)}});
}

}  // namespace

void print_memory(bool quick) {
  const std::vector<std::uint64_t> jobs_at_once =
      quick ? std::vector<std::uint64_t>{2} : std::vector<std::uint64_t>{1, 8, 32};
  const std::vector<int> page_sizes = quick ? std::vector<int>{100} : std::vector<int>{100, 250, 1000};
  const std::uint64_t resources = quick ? 150 : 5'000;
  std::printf("| --jobs, all at work | --page-size | peak MiB |\n|----:|----:|----:|\n");
  for (const std::uint64_t jobs : jobs_at_once)
    for (const int page_size : page_sizes) {
      std::printf("| %llu | %d | %.1f |\n", static_cast<unsigned long long>(jobs), page_size,
                  run_of(jobs, page_size, resources).peak_mib);
      std::fflush(stdout);
    }
}

}  // namespace whole_job
