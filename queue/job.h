#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace queue {

enum class JobState { queued, scheduled, running, completed, failed, cancelled };
std::string_view name_of(JobState state);
std::optional<JobState> job_state(std::string_view name);

enum class Phase { plan, target, sweep, verify };
std::string_view name_of(Phase phase);

/// The counts of a job's record, by the names they have there. Absolute values of the running attempt, but for
/// `written`, which adds up over attempts.
struct Counts {
  std::uint64_t updated = 0;    ///< resourcesUpdated: target and members now as requested, written or found right
  std::uint64_t written = 0;    ///< resourcesWritten: PATCHes that changed something
  std::uint64_t to_write = 0;   ///< resourcesToWrite: a dry run's number instead of `written`
  std::uint64_t unchanged = 0;  ///< resourcesUnchanged
  std::uint64_t gone = 0;       ///< resourcesGone
  std::uint64_t failed = 0;     ///< resourcesFailed
  std::uint64_t total = 0;      ///< resourcesTotal
  bool operator==(const Counts&) const = default;
};

/// What a worker has to say of a job that it runs. Absolute values: saying it twice does no harm.
struct Progress {
  Phase phase = Phase::plan;
  int pass = 0;          ///< of sweep and verify, from 1
  bool dry_run = false;  ///< decides between resourcesWritten and resourcesToWrite
  Counts counts;
  std::string accounts;  ///< JSON array of references, once the job was validated; empty: leave the record's as it is
  std::string before;    ///< JSON array of what the target had, once planned; the record keeps the first
  std::string removals;  ///< JSON array of references, once planned; empty: leave it
  std::uint64_t first_failure = 0;    ///< index in the attempt's failure list of failures.front()
  std::vector<std::string> failures;  ///< JSON objects {reference,status,diagnostics} not known to be in the record yet
};

/// A job that this worker has claimed.
struct Job {
  std::string id;
  std::int64_t claim = 0;  ///< the fence: rises with each claim; every write for the job names it
  int attempt = 0;         ///< this attempt's number, from 1
  int max_attempts = 0;
  std::uint64_t written_before = 0;  ///< resourcesWritten of earlier attempts
  /// Our own clock, just before the claim was sent: the lease began later.
  std::chrono::steady_clock::time_point asked;
  std::string target;  ///< as requested, its grammar not checked yet
  /// The record as it was when claimed, request fields included; `accounts` as it was requested.
  std::map<std::string, std::string, std::less<>> fields;
};

/// How an attempt ended.
struct Verdict {
  enum class Kind {
    completed,
    failed,
    again,        ///< the attempt ended; another follows after `delay`, unless maxAttempts are used up: then failed
    cancelled,    ///< somebody asked for it while the job ran
    handed_back,  ///< nobody's fault: back to the head of its line at once, no attempt used
  };
  Kind kind = Kind::completed;
  std::string error;                 ///< why, for failed, again and handed_back
  std::int64_t delay_ms = 0;         ///< for again
  std::string output;                ///< for completed: a FHIR Parameters as JSON
  std::vector<std::string> removed;  ///< for completed: removals proven gone, taken out of what the target owes
  Progress progress;                 ///< the last word on the counts
};

}  // namespace queue
