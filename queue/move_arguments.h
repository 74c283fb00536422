#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "queue/job.h"

namespace queue {

/// ARGV of the scripts that write for a job, as their heads list them.
std::vector<std::string> renew_arguments(const Job& job, const Progress& progress, std::chrono::milliseconds lease);
std::vector<std::string> owe_arguments(const Job& job, std::vector<std::string> leaving);
/// Of finish, retry_later or hand_back, by the verdict's kind.
std::vector<std::string> settle_arguments(const Job& job, const Verdict& verdict, std::chrono::milliseconds keep);

std::string milliseconds(std::chrono::milliseconds time);

}  // namespace queue
