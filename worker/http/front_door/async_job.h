#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "queue/records.h"
#include "worker/http/front_door/outcome.h"

namespace worker::http::front_door {

/// How many of a job's failures are told.
inline constexpr std::size_t most_failures_told = 20;

/// Medplum's `AsyncJob.status`, and never another word: clients wait for these.
std::string_view async_status(queue::JobState state);
bool is_over(queue::JobState state);

/// Why a job failed: its error, then the failed resources, as many as are told. `failures` as the record has them.
std::vector<Issue> issues_of(const queue::Record& record, const std::vector<std::string>& failures);

/// The job as Medplum's AsyncJob. `base` is what it was asked for at; `failures` are told of a failed one only.
std::string async_job_json(const queue::Record& record, const std::vector<std::string>& failures,
                           const std::string& base);

/// The record's output if it is a Parameters resource, else one without parameters.
std::string output_json(const queue::Record& record);

}  // namespace worker::http::front_door
