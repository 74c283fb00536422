#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/chaos/scale.h"

namespace chaos {

struct Outcome {
  std::vector<std::string> wrong;  ///< nothing if all promises were kept
  std::string report;
};

/// Carries a plan out with real workers and a real Redis, and judges what came of it. `keep`: a folder, not there yet,
/// for the workers' logs and Redis' append-only file; empty for none.
Outcome chaos(const Scale& scale, const std::filesystem::path& keep);

}  // namespace chaos
