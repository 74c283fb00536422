#pragma once

#include <memory>
#include <vector>

#include "tests/support/child_process.h"

namespace whole_job {

/// Who is measured has a processor of its own; all that serves it has the other.
enum class Processor { server, client };

/// False where there is but one, or none may be chosen: then all of them share what there is.
bool can_be_pinned();

/// Keeps this process, and so what it starts meanwhile, on that processor, as long as it lives.
class Pinned {
 public:
  explicit Pinned(Processor processor);
  ~Pinned();
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;
};

std::unique_ptr<test::ChildProcess> start_on(Processor processor, std::vector<std::string> command);

/// CPU seconds of a process so far, to the nanosecond.
double cpu_of(pid_t process);
/// VmHWM: the most that was ever resident.
double peak_mib(pid_t process);

}  // namespace whole_job
