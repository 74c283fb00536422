#pragma once

#include <vector>

#include "tests/chaos/evidence.h"

namespace chaos {

/// A job lost its worker to a kill, and ran again after so many ms.
struct Recovery {
  long took = 0;
  bool undisturbed = false;  ///< Redis was there and claims were allowed all the while
};

std::vector<Recovery> recoveries_in(const Evidence& evidence);

}  // namespace chaos
