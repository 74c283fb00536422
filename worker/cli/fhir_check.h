#pragma once

#include "config/settings.h"
#include "fhir/client.h"
#include "worker/finding.h"

namespace worker::cli {

/// What a server that answered well says, and whether the way to it is safe.
Findings judge(const fhir::Client::Facts& facts, const config::Fhir& settings);

}  // namespace worker::cli
