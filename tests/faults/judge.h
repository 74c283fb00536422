#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/faults/mixture.h"
#include "tests/faults/queued_job.h"
#include "tests/faults/witness.h"

namespace faults {

/// Whether jobs that have ended may say of themselves what their records say. Belongs to the server's thread, as the
/// witness does.
class Judge {
 public:
  /// `jobs` of one mixture have all ended, with their records read.
  Judge(const Mixture& mixture, Witness& witness, const std::vector<QueuedJob>& jobs, bool in_quiet_weather)
      : mixture_(mixture), witness_(witness), jobs_(jobs), in_quiet_weather_(in_quiet_weather) {}

  void judge(const sandbox::World& world);
  /// What a target still owes.
  void judge_owed(const std::string& target, const std::vector<std::string>& owed);

  const std::vector<std::string>& wrong() const { return wrong_; }

 private:
  void judge_job(const sandbox::World& world, const QueuedJob& job);
  void judge_counts(const QueuedJob& job, std::size_t members);
  void judge_failures(const QueuedJob& job, const std::map<std::string, std::string>& not_right);

  const QueuedJob& last_of(const std::string& target) const;
  bool is_one_of_several(const std::string& target) const;
  bool may_refuse() const;
  void wrong(const std::string& what) { wrong_.push_back(what); }

  const Mixture& mixture_;
  Witness& witness_;
  const std::vector<QueuedJob>& jobs_;
  bool in_quiet_weather_;
  std::vector<std::string> wrong_;
};

}  // namespace faults
