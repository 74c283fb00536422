#pragma once

#include <string>

#include "queue/job.h"
#include "worker/request.h"

namespace worker {

/// The `output` of a completed job: a FHIR Parameters with resourcesUpdated first, the other counts after it, and a
/// `message` where something asked for had no effect.
std::string output_of(const Request& request, const queue::Counts& counts);

/// Why a job failed whose resources could not all be updated: how many, and the first of them.
std::string failure_of(const queue::Progress& progress);

}  // namespace worker
