#pragma once

#include <string>
#include <vector>

#include "tests/bench/whole_job/figures/run.h"

namespace whole_job {

/// A program that takes an assignment (bare/assignment.h) and prints what it took.
struct Peer {
  std::string name;
  std::vector<std::string> command;
  bool one_at_a_time = false;  ///< so that a tenth of the resources is enough
};

Run run_peer(const Peer& peer, Setting setting);

struct WorkerOptions {
  bool verifies = false;
  std::vector<std::string> more = {};  ///< of the command line
};

/// The real program with a Redis of its own: all patients' jobs at once, from XADD to `completed`.
Run run_worker(const Setting& setting, const WorkerOptions& options);

/// The same for so many jobs without propagation, a resource each, that wait when the worker begins.
Run run_small_jobs(std::uint64_t jobs);

}  // namespace whole_job
