#pragma once

#include <chrono>
#include <cstdint>

namespace chaos {

using Millis = std::chrono::milliseconds;

/// How much of everything. The same scale makes the same plan.
struct Scale {
  std::uint64_t seed = 1;
  int jobs = 60;
  int targets = 12;
  int kills = 12;
  int redis_restarts = 2;
  bool sentinels = false;  ///< Redis fails over instead
};

/// Of every worker. Short, so that what a lost lease leads to is seen often.
constexpr Millis lease{2000};
constexpr int workers = 4;

}  // namespace chaos
