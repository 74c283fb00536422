#include "tests/bench/whole_job/bare/assignment.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <sys/resource.h>

namespace whole_job {
namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpu() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

long peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  return 0;
}

}  // namespace

Assignment assignment_of(int argc, char** argv) {
  if (argc != 6) throw std::invalid_argument("usage: BASE TOKEN ACCOUNT PATIENT CONNECTIONS");
  Assignment assignment;
  assignment.base = argv[1];
  const std::string scheme = "http://";
  if (!assignment.base.starts_with(scheme)) throw std::invalid_argument("BASE must begin with " + scheme);
  const auto slash = assignment.base.find('/', scheme.size());
  assignment.path = assignment.base.substr(slash);
  assignment.authority = assignment.base.substr(scheme.size(), slash - scheme.size());
  assignment.port =
      static_cast<std::uint16_t>(std::stoi(assignment.authority.substr(assignment.authority.find(':') + 1)));
  assignment.token = argv[2];
  assignment.account = argv[3];
  assignment.patient = argv[4];
  assignment.connections = std::stoul(argv[5]);
  return assignment;
}

std::string patch_body(const std::string& version, const std::string& account) {
  const std::string its = R"({"reference":"Organization/)" + account + "\"}";
  return R"([{"op":"test","path":"/meta/versionId","value":")" + version +
         R"("},{"op":"add","path":"/meta/accounts","value":[)" + its +
         R"(]},{"op":"add","path":"/meta/account","value":)" + its + "}]";
}

Stopwatch::Stopwatch() : wall_(now()), cpu_(cpu()) {}

void Stopwatch::print(std::size_t resources) const {
  std::printf("{\"resources\":%zu,\"seconds\":%.6f,\"cpu\":%.6f,\"peak_kib\":%ld}\n", resources, now() - wall_,
              cpu() - cpu_, peak_kib());
}

}  // namespace whole_job
