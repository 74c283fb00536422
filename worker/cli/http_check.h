#pragma once

#include <optional>

#include "config/settings.h"
#include "worker/finding.h"

namespace worker::cli {

/// What a worker with these settings serves, and to whom. `server_knows_rights`: whether the FHIR server can say what a
/// caller may do; nothing, if it was not reached.
Findings judge(const config::Http& settings, std::optional<bool> server_knows_rights);

}  // namespace worker::cli
