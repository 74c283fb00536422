#pragma once

#include <functional>
#include <optional>
#include <string>

#include "tests/faults/mixture.h"
#include "tests/faults/stage.h"

namespace faults {

/// All that was wrong about many mixtures, each with what was mixed and how to have it again.
struct Findings {
  std::string text;  ///< empty: nothing
  long mixtures_wrong = 0;
  Figures figures;
};

/// Plays mixtures until there are no more, several at once because each one mostly waits. One redis-server serves all.
/// What the workers log is kept, and looked through for what must not be in it.
Findings play_side_by_side(const std::function<std::optional<Mixture>()>& next);

}  // namespace faults
