#pragma once

#include <chrono>
#include <cstdint>

namespace chaos {

/// ms since 1970 by the machine's clock, which is also Redis' here: moments of both can be compared.
using Moment = std::int64_t;

inline Moment now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Something lasted for a while.
struct Spell {
  Moment from = 0;
  Moment to = 0;
};

}  // namespace chaos
