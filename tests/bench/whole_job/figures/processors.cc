#include "tests/bench/whole_job/figures/processors.h"

#include <cerrno>
#include <ctime>
#include <fstream>
#include <sched.h>
#include <string>
#include <system_error>

namespace whole_job {
namespace {

/// What was allowed when the program began.
const cpu_set_t& all() {
  static const cpu_set_t set = [] {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    ::sched_getaffinity(0, sizeof allowed, &allowed);
    return allowed;
  }();
  return set;
}

/// The nth of those allowed.
cpu_set_t only(int n) {
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &all()) || n-- > 0) continue;
    CPU_SET(cpu, &one);
    break;
  }
  return one;
}

}  // namespace

bool can_be_pinned() {
  return CPU_COUNT(&all()) > 1;
}

Pinned::Pinned(Processor processor) {
  if (!can_be_pinned()) return;
  const cpu_set_t set = only(processor == Processor::server ? 0 : 1);
  ::sched_setaffinity(0, sizeof set, &set);
}

Pinned::~Pinned() {
  ::sched_setaffinity(0, sizeof all(), &all());
}

std::unique_ptr<test::ChildProcess> start_on(Processor processor, std::vector<std::string> command) {
  const Pinned pinned(processor);
  return std::make_unique<test::ChildProcess>(std::move(command));
}

double cpu_of(pid_t process) {
  clockid_t clock{};
  timespec time{};
  const int failed = ::clock_getcpuclockid(process, &clock);
  if (failed != 0) throw std::system_error(failed, std::generic_category(), "clock_getcpuclockid");
  if (::clock_gettime(clock, &time) != 0) throw std::system_error(errno, std::generic_category(), "clock_gettime");
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double peak_mib(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

}  // namespace whole_job
