#pragma once

#include <string>
#include <vector>

#include "tests/chaos/dice.h"
#include "tests/chaos/plan.h"

namespace chaos {

/// All kinds of jobs, and cancels, retries and pauses among them, spread over `length`.
std::vector<Errand> planned_errands(const Scale& scale, const std::vector<std::string>& targets, Millis length,
                                    Dice& dice);
std::vector<AskedJob> last_jobs(const Scale& scale, const std::vector<std::string>& targets);

}  // namespace chaos
