#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace whole_job {

/// What a job is measured on.
struct Setting {
  std::uint64_t resources = 20'000;  ///< of each patient
  std::uint64_t patients = 1;        ///< each is one job's target, all at once
  std::chrono::milliseconds latency{0};
  bool by_cursor = false;
  std::size_t connections = 32;
};

/// What it took.
struct Run {
  double resources = 0;  ///< written
  double seconds = 0;
  double cpu = 0;         ///< seconds of the client
  double server_cpu = 0;  ///< seconds of the null server
  double peak_mib = 0;
  double pages = 0, entries = 0;  ///< that were read

  double rate() const { return resources / seconds; }
  double cpu_each() const { return cpu / resources * 1e6; }  ///< microseconds
};

/// The value of a member of a JSON object that holds nothing but numbers; throws std::runtime_error where it is not
/// there.
double number_in(const std::string& json, const std::string& name);

/// Of each figure its median.
Run median(const std::vector<Run>& runs);

}  // namespace whole_job
