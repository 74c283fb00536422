#pragma once

#include <string>

#include "tests/chaos/evidence.h"
#include "tests/chaos/scale.h"

namespace chaos {

/// What a run went through, in figures, and how to repeat it.
std::string report_on(const Evidence& evidence, const Scale& scale);
std::string how_to_repeat(const Scale& scale);

}  // namespace chaos
