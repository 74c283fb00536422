#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "queue/records.h"
#include "worker/cli/job_progress.h"

namespace worker::cli {

/// A record for people, a line each thing.
std::string text_of(const queue::Record& record);

/// A record as one JSON object on one line: numbers and booleans as such, what is JSON in the record as JSON.
/// `failures` (JSON objects) become the member `failures`, if there are any.
std::string json_of(const queue::Record& record, const std::vector<std::string>& failures);

std::string json_of(const std::string& batch, const BatchCounts& counts);

/// `2026-11-21 09:27:02`, local time; empty for 0.
std::string time_text(std::uint64_t milliseconds);

}  // namespace worker::cli
