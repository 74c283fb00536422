#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/whole_job/figures/run.h"
#include "tests/support/child_process.h"

namespace whole_job {

/// The null FHIR server as a process of its own.
class NullServer {
 public:
  explicit NullServer(const Setting& setting);

  const std::string& base() const { return lines_[0]; }
  const std::string& token() const { return lines_[1]; }
  const std::string& account() const { return lines_[2]; }
  const std::string& patient(std::size_t n) const { return lines_[3 + n]; }
  double cpu() const;

  /// Ends it, and adds to the run what it has counted. Throws std::runtime_error unless each of `wanted` resources was
  /// written once, rightly, and nothing else was asked for.
  void judge(Run& run, double wanted);

 private:
  std::unique_ptr<test::ChildProcess> process_;
  std::vector<std::string> lines_;  ///< that it announced
};

}  // namespace whole_job
