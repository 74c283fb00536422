#include "tests/faults/judge.h"

#include <algorithm>
#include <set>

#include "sandbox/json.h"

namespace faults {

void Judge::judge(const sandbox::World& world) {
  for (const QueuedJob& job : jobs_) witness_.settled(job.target);
  for (const QueuedJob& job : jobs_) judge_job(world, job);
  for (const std::string& each : witness_.wrong_writes(world)) wrong(each);
}

void Judge::judge_job(const sandbox::World& world, const QueuedJob& job) {
  const std::string state = job.field("state");
  const std::string error = job.field("error");
  if (in_quiet_weather_ && state != "completed") wrong("in quiet weather: " + state + ": " + error);
  if (state == "failed" && error.empty()) wrong("failed without a reason");
  if (&job != &last_of(job.target)) return;

  const bool unverified = mixture_.verify == config::Verify::none;
  const bool by_cursor = mixture_.paging == sandbox::Paging::cursor;
  if (!in_quiet_weather_ && state == "completed")
    witness_.excuse_late_changes(job.target, is_one_of_several(job.target) || unverified || !by_cursor);
  const auto faults = witness_.not_right(world, job.target, in_quiet_weather_);
  if (state == "completed" && !(unverified && witness_.anything_changed_by_another())) {
    for (const auto& [reference, fault] : faults) wrong(state + ", but " + reference + " " + fault);
    judge_counts(job, witness_.members_of(world, job.target).size());
  }
  if (state == "failed" && error.find("resources could not be updated") != std::string::npos)
    judge_failures(job, faults);
}

void Judge::judge_counts(const QueuedJob& job, std::size_t members) {
  const auto count = [&](const char* name) {
    const std::string text = job.field(name);
    return text.empty() ? -1L : std::stol(text);
  };
  const auto claim = [&](bool true_claim, const std::string& what) {
    if (!true_claim) wrong("the counts of " + job.id + " are not true: " + what);
  };
  claim(count("resourcesFailed") == 0, "completed with failures");
  claim(count("resourcesUpdated") + count("resourcesGone") == count("resourcesTotal"),
        "updated " + std::to_string(count("resourcesUpdated")) + " + gone " + std::to_string(count("resourcesGone")) +
            " of " + std::to_string(count("resourcesTotal")));
  claim(count("resourcesUnchanged") <= count("resourcesUpdated"), "more unchanged than updated");
  const bool alone = std::ranges::all_of(mixture_.jobs, [](const Job& each) { return each.who == Who::patient; });
  if (alone && jobs_.size() == 1)
    claim(count("resourcesWritten") <= witness_.writes(job.target),
          "written " + std::to_string(count("resourcesWritten")) + ", but only " +
              std::to_string(witness_.writes(job.target)) + " resources were");
  if (witness_.anything_changed_by_another()) return;
  claim(count("resourcesUpdated") == static_cast<long>(members) + 1,
        "updated " + std::to_string(count("resourcesUpdated")) + " of " + std::to_string(members) + " members");
}

/// Each one listed was refused, or is not right; each one not listed is right.
void Judge::judge_failures(const QueuedJob& job, const std::map<std::string, std::string>& not_right) {
  std::set<std::string> listed;
  for (const std::string& failure : job.failures) {
    const sandbox::Json parsed = sandbox::parsed(failure);
    const std::string reference(sandbox::text_member(parsed, "reference"));
    listed.insert(reference);
    if (sandbox::text_member(parsed, "diagnostics").empty()) wrong("no diagnostics: " + failure);
    if (!may_refuse() && !not_right.contains(reference) && !witness_.was_changed_by_another(reference))
      wrong("listed as failed, but right: " + failure);
  }
  if (std::to_string(listed.size()) != job.record.at("resourcesFailed")) wrong("the failure list is not whole");
  if (mixture_.verify == config::Verify::none && witness_.anything_changed_by_another()) return;
  for (const auto& [reference, fault] : not_right)
    if (!listed.contains(reference) && !witness_.was_changed_by_another(reference))
      wrong("failed, and not listed: " + reference + " " + fault);
}

/// What a target lost by our writes is owed until a job was proven to have removed it everywhere.
void Judge::judge_owed(const std::string& target, const std::vector<std::string>& owed) {
  const std::string state = last_of(target).field("state");
  const std::set<std::string> held(owed.begin(), owed.end());
  if (state == "completed" && (in_quiet_weather_ || held.empty())) {
    for (const std::string& account : held) wrong(target + " still owes " + account);
    witness_.paid(target);
    return;
  }
  if (state == "completed" && mixture_.verify == config::Verify::full) wrong(target + " owes " + *held.begin());
  for (const std::string& account : witness_.owed(target))
    if (!held.contains(account) && !is_one_of_several(target))
      wrong(target + " no longer owes " + account + ", though " + state);
}

const QueuedJob& Judge::last_of(const std::string& target) const {
  return *std::find_if(jobs_.rbegin(), jobs_.rend(), [&](const QueuedJob& job) { return job.target == target; });
}

bool Judge::is_one_of_several(const std::string& target) const {
  return std::ranges::count(jobs_, target, &QueuedJob::target) > 1;
}

bool Judge::may_refuse() const {
  return std::ranges::any_of(mixture_.strikes, [](const Strike& strike) { return strike.trouble.refuses(); });
}

}  // namespace faults
