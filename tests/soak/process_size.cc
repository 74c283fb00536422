#include "tests/soak/process_size.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace soak {
namespace {

long resident_in(const std::filesystem::path& status) {
  std::ifstream lines(status);
  const std::string label = "VmRSS:";
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(label)) return std::stol(line.substr(label.size()));
  throw std::runtime_error("no such process: " + status.string());
}

}  // namespace

ProcessSize size_of(pid_t process) {
  const std::filesystem::path folder = "/proc/" + std::to_string(process);
  const std::filesystem::directory_iterator descriptors(folder / "fd");
  return {.resident_kib = resident_in(folder / "status"),
          .descriptors = static_cast<long>(std::distance(begin(descriptors), end(descriptors)))};
}

}  // namespace soak
