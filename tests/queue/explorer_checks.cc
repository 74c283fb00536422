#include <set>
#include <sstream>

#include "tests/queue/explorer_state.h"

namespace test {
namespace {

using queue::JobState;

bool in_the_past(const Snapshot& keys, const char* zset, const std::string& id) {
  const Scores& scores = keys.zset(zset);
  return scores.contains(id) && scores.at(id) == 1;
}

void compare_job(const ModelJob& job, const Snapshot& keys, std::ostream& wrong) {
  const Fields& record = keys.job(job.id);
  const auto expect = [&](const char* what, const std::string& got, const std::string& expected) {
    if (got != expected) wrong << what << " of " << job.id << " is " << got << ", not " << expected << "\n";
  };
  const auto expect_number = [&](const char* field, std::int64_t expected) {
    expect(field, std::to_string(static_cast<std::int64_t>(number(record, field))), std::to_string(expected));
  };
  expect("the state", text(record, "state"), std::string(name_of(job.state)));
  expect_number("attempt", job.attempt);
  expect_number("resourcesUpdated", static_cast<std::int64_t>(job.updated));
  expect_number("resourcesWritten", static_cast<std::int64_t>(job.written));
  expect("the wish to cancel", text(record, "cancelRequested"), job.to_be_cancelled ? "1" : "");
  if (!is_final(job.state)) {
    expect_number("leasesLost", job.lost_in_a_row);
    expect_number("mostUpdated", static_cast<std::int64_t>(job.most_updated));
  }
  if (job.state == JobState::running) {
    expect_number("claim", job.claim);
    expect("the end of the lease", in_the_past(keys, "running", job.id) ? "over" : "to come",
           job.overdue ? "over" : "to come");
  }
  if (job.state == JobState::scheduled)
    expect("the delay", in_the_past(keys, "scheduled", job.id) ? "over" : "to come", job.overdue ? "over" : "to come");
}

void compare_lines(const Model& model, const Snapshot& keys, std::ostream& wrong) {
  std::set<std::string> targets;
  for (const auto& [target, line] : model.lines) targets.insert(target);
  for (const auto& name : keys.names("line:"))
    if (!name.ends_with(":priorities")) targets.insert(name);
  for (const auto& target : targets) {
    const auto line = model.lines.find(target);
    if (keys.items("line:" + target) != (line == model.lines.end() ? std::vector<std::string>() : line->second))
      wrong << "the line of " << target << " is not in order\n";
  }
}

void compare_owed(const Model& model, const Snapshot& keys, std::ostream& wrong) {
  for (const auto& [target, accounts] : model.owed) {
    const auto& items = keys.items("owed:" + target);
    if (std::set<std::string>(items.begin(), items.end()) != accounts)
      wrong << "what " << target << " owes is not right\n";
  }
}

void compare_batches(const Model& model, const Snapshot& keys, std::ostream& wrong) {
  for (const auto& [name, counts] : model.batches)
    for (const auto& [field, count] : counts)
      if (static_cast<std::int64_t>(number(keys.hash("batch:" + name), field)) != count)
        wrong << "batch " << name << " has " << text(keys.hash("batch:" + name), field) << " " << field << ", not "
              << count << "\n";
}

std::string last_wake(const Snapshot& keys) {
  const auto& ids = keys.items("wake");
  return ids.empty() ? "" : ids.back();
}

bool is_final_record(const Fields& job) {
  const auto state = queue::job_state(text(job, "state"));
  return state && is_final(*state);
}

}  // namespace

std::string difference(const Model& model, const Snapshot& keys) {
  std::ostringstream wrong;
  for (const auto& [id, job] : model.jobs) compare_job(job, keys, wrong);
  for (const auto& id : keys.jobs())
    if (!model.jobs.contains(id)) wrong << "there is a record of " << id << "\n";
  compare_lines(model, keys, wrong);
  compare_owed(model, keys, wrong);
  compare_batches(model, keys, wrong);
  for (const auto& [state, count] : model.ended)
    if (static_cast<std::int64_t>(number(keys.hash("stats"), state)) != count)
      wrong << "stats say " << text(keys.hash("stats"), state) << " " << state << ", not " << count << "\n";
  if (keys.has("paused") != model.paused) wrong << "paused or not wrongly\n";
  return wrong.str();
}

std::string broken_step(const Snapshot& before, const Snapshot& after, const Action& action) {
  std::ostringstream wrong;
  for (const auto& id : before.jobs()) {
    const Fields& job = before.job(id);
    const bool may_change =
        action.job == id && (action.kind == Action::Kind::retry || action.kind == Action::Kind::record_expires);
    if (is_final_record(job) && !may_change && after.job(id) != job)
      wrong << "the record of " << id << " changed after its end\n";
  }
  const Scores& was_ready = before.zset("ready");
  bool woken = last_wake(before) != last_wake(after);
  for (const auto& [target, score] : after.zset("ready"))
    if (!was_ready.contains(target) && !woken) wrong << target << " became ready and nobody was woken\n";
  if (before.has("paused") && !after.has("paused") && !woken) wrong << "the queue goes on and nobody was woken\n";
  return wrong.str();
}

}  // namespace test
