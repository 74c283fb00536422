#include "tests/bench/whole_job/figures/table.h"

#include <cstdio>

namespace whole_job {

void print_heading() {
  std::printf("| %-32s | resources/s | relative | CPU us each | peak MiB | server's CPU us |\n", "client");
  std::printf(
      "|----------------------------------|------------:|---------:|------------:|---------:|----------------:|\n");
}

void print_row(const std::string& name, const Run& run, const Run& bare) {
  std::printf("| %-32s | %11.0f | %8.3f | %11.1f | %8.1f | %15.1f |\n", name.c_str(), run.rate(),
              run.rate() / bare.rate(), run.cpu_each(), run.peak_mib, run.server_cpu / run.resources * 1e6);
  std::fflush(stdout);
}

void print_goal(const std::string& what, double figure, const std::string& unit, bool at_least, double goal) {
  const bool reached = at_least ? figure >= goal : figure <= goal;
  std::printf("| %-62s | %9.2f %-3s | %s %7.2f | %-7s |\n", what.c_str(), figure, unit.c_str(),
              at_least ? ">=" : "<=", goal, reached ? "reached" : "MISSED");
  std::fflush(stdout);
}

}  // namespace whole_job
