#include <algorithm>

#include "tests/chaos/verdict.h"

namespace chaos {
namespace {

constexpr std::size_t leases_of_poison = 3;

bool within(Moment moment, const Tenure& tenure) {
  return moment >= tenure.began && (tenure.ended == 0 || moment <= tenure.ended);
}

/// Whether the plan did something to this worker, or to Redis, while it had the job.
bool was_disturbed(const Evidence& evidence, const Tenure& tenure) {
  for (const Fate& fate : evidence.fates) {
    if (fate.worker != tenure.worker) continue;
    if (within(fate.killed, tenure)) return true;
    if (std::ranges::any_of(fate.stopped, [&](Moment at) { return within(at, tenure); })) return true;
  }
  return std::ranges::any_of(evidence.outages, [&](const Spell& outage) {
    return outage.from <= tenure.ended && outage.to + lease.count() >= tenure.began;
  });
}

bool poison_is_justified(const Evidence& evidence, const Life& life, const Ending& ending) {
  if (ending.tenures < leases_of_poison) return false;
  for (std::size_t i = ending.tenures - leases_of_poison; i < ending.tenures; ++i) {
    const bool lost = life.tenures[i].lease_lost || i + 1 == ending.tenures;  // the last loss ended the job
    if (!lost || !was_disturbed(evidence, life.tenures[i])) return false;
  }
  return true;
}

/// Where nobody has written down who had the job when: whether enough was done to workers and Redis for three losses.
bool poison_is_possible(const Evidence& evidence) {
  std::size_t disturbances = evidence.outages.size();
  for (const Fate& fate : evidence.fates) disturbances += fate.stopped.size() + (fate.killed == 0 ? 0 : 1);
  return disturbances >= leases_of_poison;
}

bool member_was_refused(const Evidence& evidence, const std::string& target) {
  return std::ranges::any_of(evidence.refused,
                             [&](const std::string& member) { return evidence.target_of.at(member) == target; });
}

/// What a flawed entry's error must name; empty for others.
std::string named_by_error(Flaw flaw) {
  switch (flaw) {
    case Flaw::no_accounts:
    case Flaw::no_reference:
      return "accounts: ";
    case Flaw::bad_priority:
      return "priority: ";
    case Flaw::unknown_patient:
      return "the target cannot be read";
    case Flaw::none:
      break;
  }
  return "";
}

bool may_have_failed(const Evidence& evidence, const Added& added, const Life& life, const Ending& ending) {
  const std::string error = text(ending.record, "error");
  if (added.job.flaw != Flaw::none) return error.find(named_by_error(added.job.flaw)) != std::string::npos;
  if (error.starts_with("lost by ")) return poison_is_justified(evidence, life, ending);
  return number(ending.record, "resourcesFailed") > 0 && member_was_refused(evidence, added.job.target);
}

bool may_have_ended_so(const Evidence& evidence, const Added& added, const Life& life, const Ending& ending) {
  const std::string state = text(ending.record, "state");
  if (state == "completed") return added.job.flaw == Flaw::none && !text(ending.record, "output").empty();
  if (state == "cancelled") return added.cancelled;
  return may_have_failed(evidence, added, life, ending);
}

void judge_ending(const Evidence& evidence, const Added& added, Wrong& wrong) {
  const auto found = evidence.ledger.lives().find(added.id);
  if (found == evidence.ledger.lives().end()) {
    wrong.push_back(added.id + ": was acknowledged and is lost");
    return;
  }
  const Life& life = found->second;
  if (!is_final(text(life.record, "state"))) wrong.push_back(added.id + ": is " + text(life.record, "state"));
  if (life.endings.size() > 1 && !added.retried) wrong.push_back(added.id + ": ended twice");
  for (const Ending& ending : life.endings)
    if (!may_have_ended_so(evidence, added, life, ending))
      wrong.push_back(added.id + ": is " + text(ending.record, "state") +
                      " without a reason: " + text(ending.record, "error"));
}

}  // namespace

const Added* asked_for(const Evidence& evidence, const Fields& record) {
  const auto found = std::ranges::find_if(evidence.added, [&](const Added& added) {
    return "chaos-" + std::to_string(added.job.number) == text(record, "requestedBy");
  });
  return found == evidence.added.end() ? nullptr : &*found;
}

void judge_records(const Evidence& evidence, Wrong& wrong) {
  for (const Added& added : evidence.added) {
    if (added.id.empty()) continue;
    const auto record = evidence.records.find(added.id);
    if (record == evidence.records.end()) {
      wrong.push_back(added.id + ": was acknowledged and is lost");
      continue;
    }
    const std::string state = text(record->second, "state");
    const std::string error = text(record->second, "error");
    const bool poisoned = error.starts_with("lost by ") && poison_is_possible(evidence);
    const bool as_it_must = added.job.flaw == Flaw::none
                                ? state == "completed" || (state == "failed" && poisoned)
                                : state == "failed" && error.find(named_by_error(added.job.flaw)) != error.npos;
    if (!as_it_must) wrong.push_back(added.id + ": is " + state + " without a reason: " + error);
  }
}

void judge_endings(const Evidence& evidence, Wrong& wrong) {
  for (const Added& added : evidence.added)
    if (!added.id.empty()) judge_ending(evidence, added, wrong);
  for (const auto& [id, life] : evidence.ledger.lives())
    if (asked_for(evidence, life.record) == nullptr) wrong.push_back(id + ": nobody asked for it");
  wrong.insert(wrong.end(), evidence.ledger.wrong().begin(), evidence.ledger.wrong().end());
}

}  // namespace chaos
