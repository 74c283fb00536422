#include "tests/faults/captured_log.h"

#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace faults {

CapturedLog::CapturedLog() : stderr_before_(dup(STDERR_FILENO)) {
  const std::string file = folder_.path() / "log";
  const int log = open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  dup2(log, STDERR_FILENO);
  close(log);
}

CapturedLog::~CapturedLog() {
  std::fflush(stderr);
  dup2(stderr_before_, STDERR_FILENO);
  close(stderr_before_);
}

std::string CapturedLog::text() const {
  std::fflush(stderr);
  std::ostringstream text;
  text << std::ifstream(folder_.path() / "log").rdbuf();
  return text.str();
}

}  // namespace faults
