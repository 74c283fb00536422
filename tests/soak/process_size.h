#pragma once

#include <sys/types.h>

namespace soak {

/// As /proc tells it.
struct ProcessSize {
  long resident_kib = 0;
  long descriptors = 0;
};

/// Throws std::runtime_error for a process that is not there.
ProcessSize size_of(pid_t process);

}  // namespace soak
