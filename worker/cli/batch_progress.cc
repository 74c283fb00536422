#include <algorithm>
#include <charconv>

#include "worker/cli/job_progress.h"

namespace worker::cli {

std::uint64_t number_in(const BatchCounts& counts, const std::string& name) {
  const auto found = counts.find(name);
  std::uint64_t number = 0;
  if (found != counts.end()) std::from_chars(found->second.data(), found->second.data() + found->second.size(), number);
  return number;
}

std::uint64_t jobs_ended(const BatchCounts& counts) {
  return number_in(counts, "completed") + number_in(counts, "failed") + number_in(counts, "cancelled");
}

Progress progress_of(const BatchCounts& counts, std::uint64_t expected) {
  const std::uint64_t known = number_in(counts, "jobs");
  Progress progress{.title = "batch", .unit = "jobs", .details = {}};
  progress.total = std::max(known, expected);
  progress.done = std::min(jobs_ended(counts), progress.total);
  const auto tell = [&](std::uint64_t number, const std::string& what) {
    if (number > 0) progress.details.push_back(grouped(number) + " " + what);
  };
  tell(number_in(counts, "running"), "running");
  tell(number_in(counts, "failed"), "failed");
  tell(number_in(counts, "cancelled"), "cancelled");
  tell(number_in(counts, "scheduled"), "scheduled");
  tell(number_in(counts, "resourcesUpdated"), "resources as requested");
  tell(expected > known ? expected - known : 0, "waiting for a worker");
  return progress;
}

std::string summary_of(const BatchCounts& counts) {
  return grouped(number_in(counts, "jobs")) + " jobs: " + grouped(number_in(counts, "completed")) + " completed, " +
         grouped(number_in(counts, "failed")) + " failed, " + grouped(number_in(counts, "cancelled")) + " cancelled; " +
         grouped(number_in(counts, "resourcesUpdated")) + " resources are as requested (" +
         grouped(number_in(counts, "resourcesWritten")) + " written)";
}

}  // namespace worker::cli
