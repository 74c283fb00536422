#include "worker/http/metrics/process.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace worker::http {
namespace {

/// proc(5): what follows the program's name, which may hold blanks; the process' state is the first, field 3.
std::vector<std::string> stat_fields() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(line.substr(name_end + 1));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

std::optional<double> boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("btime ")) return std::stod(line.substr(6));
  return std::nullopt;
}

std::optional<double> count_open_files() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (error) return std::nullopt;
  return static_cast<double>(std::distance(begin(files), end(files)) - 1);  // less the one by which the folder is read
}

}  // namespace

Process look_at_process() {
  constexpr std::size_t user_time = 11, system_time = 12, start_time = 19, virtual_size = 20, resident = 21;
  Process process;
  const auto fields = stat_fields();
  if (fields.size() > resident) {
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    process.cpu_seconds = (std::stod(fields[user_time]) + std::stod(fields[system_time])) / ticks;
    const auto booted = boot_time();
    if (booted) process.start_time_seconds = *booted + std::stod(fields[start_time]) / ticks;
    process.virtual_bytes = std::stod(fields[virtual_size]);
    process.resident_bytes = std::stod(fields[resident]) * static_cast<double>(sysconf(_SC_PAGESIZE));
  }
  process.open_files = count_open_files();
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) process.most_files = static_cast<double>(limit.rlim_cur);
  return process;
}

}  // namespace worker::http
