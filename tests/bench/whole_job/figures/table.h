#pragma once

#include <string>

#include "tests/bench/whole_job/figures/run.h"

namespace whole_job {

/// The lines of the one table that is printed, each as soon as it is known.
void print_heading();
void print_row(const std::string& name, const Run& run, const Run& bare);
/// Whether a figure reached what it should, a line.
void print_goal(const std::string& what, double figure, const std::string& unit, bool at_least, double goal);

}  // namespace whole_job
