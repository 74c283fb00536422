#pragma once

#include <vector>

#include "tests/chaos/dice.h"
#include "tests/chaos/plan.h"

namespace chaos {

/// As many kills and restarts as the scale says, and every other kind of trouble among them; now and then two at once.
std::vector<Trouble> planned_troubles(const Scale& scale, Dice& dice);

}  // namespace chaos
