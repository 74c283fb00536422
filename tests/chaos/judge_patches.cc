#include <algorithm>

#include "tests/chaos/verdict.h"

namespace chaos {
namespace {

/// The clocks are one, but tell whole milliseconds.
constexpr Moment tolerance = 1;

struct Run {
  Tenure tenure;
  const AskedJob* job = nullptr;
};
using Runs = std::vector<Run>;

/// By target, in the order in which they began.
std::map<std::string, Runs> runs_in(const Evidence& evidence) {
  std::map<std::string, Runs> runs;
  for (const auto& [id, life] : evidence.ledger.lives()) {
    const Added* added = asked_for(evidence, life.record);
    if (added == nullptr) continue;
    for (const Tenure& tenure : life.tenures) runs[added->job.target].push_back({tenure, &added->job});
  }
  for (auto& [target, of_target] : runs)
    std::ranges::sort(of_target, {}, [](const Run& run) { return run.tenure.began; });
  return runs;
}

bool contains(const std::vector<std::string>& accounts, const std::string& account) {
  return std::ranges::find(accounts, account) != accounts.end();
}

/// Whether a worker with this job may make this change.
bool fits(const Patch& patch, const AskedJob& job) {
  if (job.dry_run || job.flaw != Flaw::none || (patch.reference != job.target && !job.propagate)) return false;
  for (const std::string& account : job.accounts)
    if (!contains(patch.after, account)) return false;
  return std::ranges::all_of(patch.after, [&](const std::string& account) {
    return contains(patch.before, account) || contains(job.accounts, account);
  });
}

/// It must fit a job that ran at its moment; or, while none did, the last that had.
bool is_legal(const Patch& patch, const Runs& runs) {
  const Run* last = nullptr;
  bool somebody_ran = false;
  for (const Run& run : runs) {
    if (run.tenure.began > patch.at + tolerance) break;
    last = &run;
    if (run.tenure.ended != 0 && run.tenure.ended < patch.at - tolerance) continue;
    somebody_ran = true;
    if (fits(patch, *run.job)) return true;
  }
  return !somebody_ran && last != nullptr && fits(patch, *last->job);
}

std::string shown(const std::vector<std::string>& accounts) {
  std::string text;
  for (const std::string& account : accounts) text += " " + account;
  return text;
}

}  // namespace

void judge_patches(const Evidence& evidence, Wrong& wrong) {
  const std::map<std::string, Runs> runs = runs_in(evidence);
  for (const Patch& patch : evidence.patches) {
    const auto target = evidence.target_of.find(patch.reference);
    const bool known = target != evidence.target_of.end() && runs.contains(target->second);
    if (known && is_legal(patch, runs.at(target->second))) continue;
    wrong.push_back(patch.reference + ": was written at " + std::to_string(patch.at) +
                    " by no job that ran then:" + shown(patch.before) + " became" + shown(patch.after));
  }
}

}  // namespace chaos
