#include "tests/chaos/plan.h"

#include <algorithm>

#include "tests/chaos/dice.h"
#include "tests/chaos/planned_jobs.h"
#include "tests/chaos/planned_troubles.h"

namespace chaos {
namespace {

struct Shown {
  std::string operator()(const AskedJob& job) const {
    std::string text = "job " + std::to_string(job.number) + " " + job.target;
    for (const std::string& account : job.accounts) text += " " + account;
    text += job.propagate ? " propagate" : "";
    text += job.dry_run ? " dry" : "";
    text += " priority " + std::to_string(job.priority) + " delay " + std::to_string(job.delay.count());
    text += job.batch.empty() ? "" : " batch " + job.batch;
    text += job.own_id ? " own id" : "";
    text += job.repeated ? " repeated" : "";
    return text + " flaw " + std::to_string(static_cast<int>(job.flaw));
  }
  std::string operator()(const AskedCancel& cancel) const { return "cancel " + std::to_string(cancel.job); }
  std::string operator()(const AskedRetry& retry) const { return "retry " + std::to_string(retry.job); }
  std::string operator()(const AskedPause& pause) const { return pause.on ? "pause" : "resume"; }
};

}  // namespace

Plan plan_of(const Scale& scale) {
  Plan plan;
  for (int i = 0; i < scale.targets; ++i) plan.targets.push_back("Patient/p" + std::to_string(i));
  Dice dice(scale.seed);
  plan.troubles = planned_troubles(scale, dice);
  const Millis length = plan.troubles.empty() ? Millis(1000) : plan.troubles.back().at;
  plan.errands = planned_errands(scale, plan.targets, length, dice);
  plan.last_jobs = last_jobs(scale, plan.targets);
  return plan;
}

std::string account_of(int job) {
  return "Organization/job-" + std::to_string(job);
}

std::string shown(const Plan& plan) {
  std::string text;
  for (const Errand& errand : plan.errands)
    text += std::to_string(errand.at.count()) + " " + std::visit(Shown(), errand.entry) + "\n";
  for (const Trouble& trouble : plan.troubles)
    text +=
        std::to_string(trouble.at.count()) + " " + name_of(trouble.kind) + " " + std::to_string(trouble.which) + "\n";
  return text;
}

}  // namespace chaos
