#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tests/chaos/scale.h"

namespace chaos {

/// What is wrong with an entry that the producer adds.
enum class Flaw { none, no_accounts, bad_priority, no_reference, unknown_patient };

/// An entry that asks for a job. `number` tells it from all others: its record carries it in requestedBy, and but for
/// a job that removes all accounts one of its accounts is nobody else's.
struct AskedJob {
  int number = 0;
  std::string target;
  std::vector<std::string> accounts;
  bool propagate = true;
  bool dry_run = false;
  int priority = 0;
  Millis delay{0};
  std::string batch;
  bool own_id = true;
  bool repeated = false;  ///< added once more although its answer came
  Flaw flaw = Flaw::none;
};
struct AskedCancel {
  int job = 0;
};
struct AskedRetry {
  int job = 0;
};
struct AskedPause {
  bool on = false;
};

/// What the producer adds to the inbox, and when: one after another.
struct Errand {
  Millis at{0};
  std::variant<AskedJob, AskedCancel, AskedRetry, AskedPause> entry;
};

enum class TroubleKind {
  kill_worker,
  terminate_worker,
  stop_worker,
  resume_worker,
  cut_connections,
  cut_one_connection,
  kill_redis,
  restart_redis,
  stop_redis,
  resume_redis,
  fail_redis_over,
  flush_scripts,
  fhir_busy,
  fhir_fails,
  fhir_resets,
  fhir_commits_and_resets,
  fhir_truncates,
  fhir_stalls,
  fhir_refuses_member,
  fhir_drops,
  fhir_slow,
  fhir_fast,
  fhir_goes,
  fhir_comes,
};
const char* name_of(TroubleKind kind);

/// What goes wrong, and when. `which`: a worker's slot, a connection, a target, as far as the kind needs one.
struct Trouble {
  Millis at{0};
  TroubleKind kind = TroubleKind::kill_worker;
  unsigned which = 0;
};

struct Plan {
  std::vector<std::string> targets;
  std::vector<Errand> errands;
  std::vector<Trouble> troubles;
  /// The last job of each target, for when all troubles are over: it makes the end state definite.
  std::vector<AskedJob> last_jobs;
};

/// Pure: the same scale makes the same plan.
Plan plan_of(const Scale& scale);
/// The account that is only this job's.
std::string account_of(int job);
/// One line an errand and a trouble, in their order.
std::string shown(const Plan& plan);

}  // namespace chaos
