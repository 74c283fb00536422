#pragma once

#include <string_view>

#include "queue/job.h"
#include "worker/tally.h"

namespace worker {

/// The log's lines about jobs: each says which job, for which target, which attempt, by which worker and within which
/// trace. What the FHIR server said of a resource is in the record, and not here: it may name somebody.
void log_claimed(const queue::Job& job);
/// `why` in our own words.
void log_attempt_end(const queue::Job& job, AttemptEnd end, const queue::Counts& counts, std::string_view why);

}  // namespace worker
