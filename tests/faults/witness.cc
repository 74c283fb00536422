#include "tests/faults/witness.h"

#include <algorithm>

#include "sandbox/compartment.h"

namespace faults {
namespace {

using sandbox::AccountEntries;
using sandbox::Record;
using sandbox::type_of;
using sandbox::World;

AccountEntries accounts_in(const std::shared_ptr<const std::string>& text) {
  return text ? sandbox::entries_of(sandbox::parsed(*text)) : AccountEntries();
}

AccountEntries accounts_of(const Record& record) {
  return accounts_in(record.current().text);
}

Witness::References references_of(const AccountEntries& entries) {
  Witness::References references;
  for (const sandbox::AccountEntry& entry : entries) references.insert(entry.reference);
  return references;
}

bool is_in_compartment(const Record& record, const std::string& target) {
  return std::ranges::find(record.compartments, target) != record.compartments.end();
}

/// Another Patient that is linked is none, and a Binary is nobody's.
bool is_member(const Record& record, const std::string& target) {
  return record.type != "Patient" && record.type != "Binary" && !record.deleted() && is_in_compartment(record, target);
}

}  // namespace

Witness::Witness(const World& world) {
  for (const auto& [reference, record] : world.records()) versions_[reference] = record.history.size();
  versions_at_start_ = versions_;
}

void Witness::owes(const std::string& target, const std::vector<std::string>& accounts) {
  targets_[target].owed.insert(accounts.begin(), accounts.end());
}

void Witness::requested(const std::string& target, const std::vector<std::string>& accounts) {
  targets_[target].requests.push_back(accounts);
  targets_[target].open = true;
  excused_from_requested_.clear();
}

void Witness::settled(const std::string& target) {
  targets_[target].open = false;
}

void Witness::changed_by_another(const World& world, const std::string& reference) {
  const Record* record = world.find(reference);
  versions_[reference] = record->history.size();
  Change& change = changed_[reference];
  change.accounts.merge(references_of(accounts_of(*record)));
  for (const auto& [target, known] : targets_) change.pages[target] = known.pages;
}

void Witness::patched(const World& world, const std::string& reference) {
  const Record* record = world.find(reference);
  if (!record || record->history.size() == versions_[reference]) return;
  versions_[reference] = record->history.size();
  const std::string fault = fault_of_write(world, *record);
  if (!fault.empty()) wrong_.push_back("a write to " + reference + ": " + fault);
}

std::string Witness::fault_of_write(const World& world, const Record& record) {
  const std::string& old_text = *record.history[record.history.size() - 2].text;
  const AccountEntries before = sandbox::entries_of(sandbox::parsed(old_text));
  const AccountEntries after = accounts_of(record);
  if (sandbox::remainder(old_text) != sandbox::remainder(record.text())) return "something else than accounts changed";
  if (const auto target = targets_.find(record.reference()); target != targets_.end())
    return fault_of_target_write(target->second, before, after);

  bool member_of_one = false;
  for (auto& [reference, target] : targets_) {
    if (!target.open || !is_member(record, reference)) continue;
    member_of_one = true;
    if (!follows_rule(world, record, reference, before, after)) continue;
    ++target.writes;
    return "";
  }
  if (!member_of_one) return "is no member of a target that has a job";
  return "no job makes " + shown(after) + " of " + shown(before);
}

std::string Witness::fault_of_target_write(Target& target, const AccountEntries& before, const AccountEntries& after) {
  if (!target.open) return "its jobs are settled";
  ++target.writes;
  const References remaining = references_of(after);
  for (const std::string& account : references_of(before))
    if (!remaining.contains(account)) target.owed.insert(account);
  const bool right =
      is_of_a_job(target, true, [&](const auto& accounts) { return sandbox::on_target(before, accounts) == after; });
  return right ? "" : "nobody requested " + shown(after);
}

/// Jobs of one target are at work one after the other: who writes for one is never followed by who writes for an
/// earlier one. `sure`: no job of another target can have written it.
bool Witness::is_of_a_job(Target& target, bool sure, const std::function<bool(const std::vector<std::string>&)>& fits) {
  for (std::size_t n = target.at_work; n < target.requests.size(); ++n) {
    if (!fits(target.requests[n])) continue;
    if (sure) target.at_work = n;
    return true;
  }
  return false;
}

/// The member lost only what the target owes, and of that nothing that another Patient of his has granted throughout;
/// it got what was requested and it lacked, at the end and in order.
bool Witness::follows_rule(const World& world, const Record& member, const std::string& target,
                           const AccountEntries& before, const AccountEntries& after) {
  References removed;
  for (const std::string& account : references_of(before))
    if (!has(after, account)) removed.insert(account);
  Target& known = targets_.at(target);
  for (const std::string& account : removed) {
    if (!known.owed.contains(account) && !lost_otherwise(world, target, account)) return false;
    for (const std::string& patient : member.compartments)
      if (patient != target && always_granted(world, patient, account)) return false;
  }
  const auto concerned = std::ranges::count_if(
      targets_, [&](const auto& each) { return each.second.open && is_in_compartment(member, each.first); });
  return is_of_a_job(known, concerned == 1, [&](const auto& accounts) {
    const bool keeps_requested =
        std::ranges::none_of(accounts, [&](const auto& account) { return removed.contains(account); });
    return keeps_requested && sandbox::on_member(before, removed, accounts) == after;
  });
}

/// A job notes what its target is to lose before it writes it; somebody else may have taken it away just after.
bool Witness::lost_otherwise(const World& world, const std::string& target, const std::string& account) const {
  const Record* record = world.find(target);
  if (!record || !changed_.contains(target)) return false;
  const auto first = static_cast<std::ptrdiff_t>(versions_at_start_.at(target) - 1);
  return std::any_of(record->history.begin() + first, record->history.end(),
                     [&](const sandbox::Version& version) { return has(accounts_in(version.text), account); });
}

bool Witness::always_granted(const World& world, const std::string& patient, const std::string& account) const {
  const Record* record = world.find(patient);
  if (!record) return false;
  const std::size_t first = versions_at_start_.at(patient) - 1;
  return std::all_of(record->history.begin() + static_cast<std::ptrdiff_t>(first), record->history.end(),
                     [&](const sandbox::Version& version) { return has(accounts_in(version.text), account); });
}

/// Another Patient of the member has it; or had it, if somebody else changed that Patient.
bool Witness::may_be_kept(const World& world, const Record& member, const std::string& target,
                          const std::string& account) const {
  return std::ranges::any_of(member.compartments, [&](const std::string& patient) {
    const Record* record = world.find(patient);
    if (patient == target || !record) return false;
    if (!changed_.contains(patient)) return has(accounts_of(*record), account);
    return std::ranges::any_of(
        record->history, [&](const sandbox::Version& version) { return has(accounts_in(version.text), account); });
  });
}

void Witness::excuse_late_changes(const std::string& target, bool all_of_them) {
  for (const auto& [reference, change] : changed_) {
    const auto pages = change.pages.find(target);
    const bool met =
        !targets_.contains(reference) && pages != change.pages.end() && targets_.at(target).pages > pages->second;
    if (met && !all_of_them) continue;
    excused_[reference].insert(change.accounts.begin(), change.accounts.end());
    excused_from_requested_.insert(reference);
  }
}

std::map<std::string, std::string> Witness::not_right(const World& world, const std::string& target,
                                                      bool shared_too) const {
  std::map<std::string, std::string> faults;
  const auto note = [&](const std::string& reference, std::string fault) {
    if (!fault.empty()) faults[reference] = std::move(fault);
  };
  const auto& wanted = targets_.at(target).requests.back();
  const Record& record = *world.find(target);
  const AccountEntries entries = accounts_of(record);
  if (!excused_from_requested_.contains(target) && sandbox::on_target(entries, wanted) != entries)
    note(target, "the target has " + shown(entries));
  for (const std::string& reference : members_of(world, target)) {
    const Record& member = *world.find(reference);
    const bool shared = std::ranges::any_of(
        targets_, [&](const auto& other) { return other.first != target && is_in_compartment(member, other.first); });
    if (shared_too || !shared) note(reference, fault_of_member(world, member, target));
  }
  return faults;
}

std::string Witness::fault_of_member(const World& world, const Record& member, const std::string& target) const {
  const Target& known = targets_.at(target);
  const AccountEntries entries = accounts_of(member);
  const auto& wanted = known.requests.back();
  if (!excused_from_requested_.contains(member.reference())) {
    for (const std::string& account : wanted)
      if (!has(entries, account)) return "lacks " + account + ": " + shown(entries);
    if (!sandbox::stored_properly(sandbox::parsed(member.text()), entries)) return "meta.account is not its first";
  }
  const auto excused = excused_.find(member.reference());
  for (const std::string& account : known.owed) {
    if (!has(entries, account) || std::ranges::find(wanted, account) != wanted.end()) continue;
    if (excused != excused_.end() && excused->second.contains(account)) continue;
    if (!may_be_kept(world, member, target, account)) return "still has " + account + ": " + shown(entries);
  }
  return "";
}

std::vector<std::string> Witness::wrong_writes(const World& world) const {
  std::vector<std::string> wrong = wrong_;
  for (const auto& [reference, record] : world.records()) {
    const auto known = versions_.find(reference);
    if (known == versions_.end() || known->second != record.history.size())
      wrong.push_back(reference + " changed, and nobody saw how");
  }
  return wrong;
}

Witness::References Witness::members_of(const World& world, const std::string& target) const {
  References members;
  for (const Record* record : world.compartment(target))
    if (is_member(*record, target)) members.insert(record->reference());
  return members;
}

}  // namespace faults
