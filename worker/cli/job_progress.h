#pragma once

#include <map>
#include <optional>
#include <string>

#include "queue/records.h"
#include "worker/cli/progress_bar.h"

namespace worker::cli {

/// A job that nobody has taken out of the inbox.
Progress waiting_in_inbox();

/// What a job's record says, as one line. `per_second`: resources done, as far as it is known.
Progress progress_of(const queue::Record& record, std::optional<double> per_second);

/// Resources of the running attempt that need no more work.
std::uint64_t resources_done(const queue::Record& record);

/// How a job that ended ended: `completed: 1,234 resources are as requested (812 written, …) in 3m05s`
std::string summary_of(const queue::Record& record);

/// A batch's counts as HGETALL gives them.
using BatchCounts = std::map<std::string, std::string>;
std::uint64_t number_in(const BatchCounts& counts, const std::string& name);
std::uint64_t jobs_ended(const BatchCounts& counts);
Progress progress_of(const BatchCounts& counts, std::uint64_t expected);
std::string summary_of(const BatchCounts& counts);

}  // namespace worker::cli
