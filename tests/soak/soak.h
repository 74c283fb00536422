#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/soak/running_worker.h"
#include "tests/support/redis_server.h"
#include "tests/worker/e2e/end_to_end.h"

namespace soak {

/// Workers that live for long, patients whose accounts change again and again, and the oracle beside them. No two of
/// the patients share a member.
class Soak : public test::EndToEnd {
 protected:
  Soak();

  /// So many compartments, and the oracle looks at them.
  void seed_targets(int count);
  const std::vector<std::string>& targets() const { return targets_; }
  const std::vector<std::string>& members_of(const std::string& target) const { return members_.at(target); }

  /// Starts a worker and waits until it has been ready.
  RunningWorker& start_worker(test::Fields options = {});
  std::deque<RunningWorker>& workers() { return workers_; }
  /// What all of them have logged.
  std::string logs() const;
  const std::filesystem::path& folder() const { return folder_.path(); }

  /// What is wrong, a line each; nothing to the end if all is as promised.
  void complain(const std::string& what) { wrong_ += what + "\n"; }
  const std::string& complaints() const { return wrong_; }
  /// Prints what is claimed, the figure that was found, and `ok` or `WRONG`; a wrong one is complained of.
  void claim(const std::string& what, long found, bool right);

 private:
  std::vector<std::string> targets_;
  std::map<std::string, std::vector<std::string>> members_;
  test::TempFolder folder_;
  std::deque<RunningWorker> workers_;
  std::string wrong_;
};

/// A number from the environment, if it is there.
long asked_for(const char* variable, long usual);

}  // namespace soak
