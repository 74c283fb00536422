#pragma once

#include <string>

#include "sandbox/oracle.h"
#include "tests/soak/planned_round.h"
#include "tests/worker/e2e/end_to_end.h"

namespace soak {

/// Whether a job has come to an end.
bool is_over(const test::RecordFields& record);

/// Why a job may not have ended as its record says; empty if it may. Tells the oracle what to expect of it.
/// `target_written`: the target has what the job asked for.
std::string judge(const PlannedJob& job, const test::RecordFields& record, bool target_written,
                  sandbox::Oracle& oracle);

}  // namespace soak
