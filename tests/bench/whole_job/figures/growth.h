#pragma once

namespace whole_job {

/// Prints how time and memory grow with the compartment, what eight jobs at once take, and what --concurrency gives.
void print_growth(bool quick);

}  // namespace whole_job
