#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fhir/accounts_patcher.h"
#include "fhir/reference.h"
#include "queue/job.h"
#include "worker/seen_resources.h"
#include "worker/tally.h"

namespace worker {

/// What one attempt has done so far. A resource that comes twice is judged twice and counted once, by what became of it
/// last; the only memory that grows with a compartment is one small entry a resource.
class Progress {
 public:
  /// `all_attempts`, if given, counts along and outlives it.
  Progress(bool dry_run, std::uint64_t written_before, Outcomes* all_attempts = nullptr);

  void enter(queue::Phase phase, int pass);
  /// Of several plans the first tells what the target had `before`; empty: not known.
  void planned(std::string accounts_json, std::string removals_json, std::string before_json = {});
  /// A page brought this resource: it counts in the total from now on, whatever will become of it.
  void see(const fhir::Reference& resource);
  void count(const fhir::Reference& resource, const fhir::Patched& patched);

  /// A resource that was refused at this version already in this attempt: asking again would waste a write.
  bool failed_at(const fhir::Reference& resource, const std::string& version_id) const;
  void remember_failure(const fhir::Reference& resource, const std::string& version_id);

  /// PATCHes that changed something, in this attempt.
  std::uint64_t writes() const { return writes_; }
  /// Rises with every change that a record would show.
  std::uint64_t revision() const { return revision_; }
  const queue::Counts& counts() const { return counts_; }

  /// For the record while the job runs: without the failure list.
  queue::Progress report() const;
  /// For the verdict: with the list, at most 1,000 of it.
  queue::Progress final_report() const;

 private:
  void see(SeenResources::Place resource);
  void enroll(Fate fate, std::uint64_t by);

  bool dry_run_;
  Outcomes* all_attempts_;
  queue::Phase phase_ = queue::Phase::plan;
  int pass_ = 0;
  std::string accounts_json_;
  std::string removals_json_;
  std::string before_json_;
  queue::Counts counts_;
  std::uint64_t writes_ = 0;
  std::uint64_t revision_ = 0;
  SeenResources seen_;
  SeenResources refused_;                        ///< by version: failed, where a resource was refused at it
  std::map<std::string, std::string> failures_;  ///< by reference
};

}  // namespace worker
