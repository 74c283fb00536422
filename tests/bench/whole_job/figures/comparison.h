#pragma once

#include <vector>

#include "tests/bench/whole_job/figures/clients.h"

namespace whole_job {

struct Comparison {
  int rounds = 3;  ///< of which the medians are printed; the clients take turns
  std::uint64_t resources = 20'000;
  std::uint64_t jobs = 5'000;  ///< without propagation
  std::vector<Peer> peers;
};

/// Prints the clients' table, and then what was aimed at and whether it was reached.
void compare(const Comparison& comparison);

}  // namespace whole_job
