#include "sandbox/oracle.h"

#include <algorithm>

#include "sandbox/compartment.h"

namespace sandbox {
namespace {

void add_once(std::vector<AccountEntries>& possible, AccountEntries entries) {
  if (std::ranges::find(possible, entries) == possible.end()) possible.push_back(std::move(entries));
}

std::string counted(std::size_t n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

std::string shown_alternatives(const std::vector<AccountEntries>& possible) {
  std::string text;
  for (const AccountEntries& entries : possible) text += (text.empty() ? "" : " or ") + shown(entries);
  return text;
}

}  // namespace

Oracle::Oracle(const World& world) {
  for (const auto& [reference, record] : world.records()) resources_.emplace(reference, as_it_is(record));
}

Oracle::Expected Oracle::as_it_is(const Record& record) {
  Expected expected;
  expected.before = record.current();
  expected.versions = record.history.size();
  expected.compartments = record.compartments;
  if (record.deleted()) return expected;
  const Json resource = parsed(record.text());
  expected.possible = {entries_of(resource)};
  expected.proper = stored_properly(resource, expected.possible.front());
  return expected;
}

void Oracle::expect(const Request& request) {
  const Removed removals = take_removals(request);
  if (request.propagate) owed_.erase(request.target);  // what it asks for again is no debt any more either
  apply(request, removals, true);
  updated_ = 1 + (request.propagate ? static_cast<long>(members_of(request.target).size()) : 0);
  last_ = request;
  last_removals_ = removals;
}

void Oracle::expect_side_by_side(const Request& one, const Request& other) {
  Oracle the_other_way = *this;
  the_other_way.expect(other);
  the_other_way.expect(one);
  expect(one);
  expect(other);
  for (auto& [reference, expected] : resources_) {
    const Expected& otherwise = the_other_way.resources_.find(reference)->second;
    for (const AccountEntries& entries : otherwise.possible) add_once(expected.possible, entries);
    expected.writes = std::max(expected.writes, otherwise.writes);
  }
}

void Oracle::abandoned(const Request& request, bool target_written) {
  const Removed removals = take_removals(request);
  if (target_written) apply(request, removals, false);
}

/// What leaves the members: what the target loses, and what is owed from before. It is owed until a request completes.
Oracle::Removed Oracle::take_removals(const Request& request) {
  if (!request.propagate) return {};
  Removed& owed = owed_[request.target];
  for (const AccountEntry& old : accounts_of(request.target)) {
    if (std::ranges::find(request.accounts, old.reference) == request.accounts.end()) owed.insert(old.reference);
  }
  Removed removals = owed;
  for (const std::string& requested : request.accounts) removals.erase(requested);
  return removals;
}

void Oracle::apply(const Request& request, const Removed& removals, bool certain) {
  const auto found = resources_.find(request.target);
  if (found == resources_.end() || !found->second.before.text) return;
  Expected& target = found->second;
  target.ours = true;
  const AccountEntries current = accounts_of(request.target);
  const AccountEntries wanted = on_target(current, request.accounts);
  if (wanted != current || !target.proper) ++target.writes;
  target.possible = {wanted};
  target.proper = true;
  if (!request.propagate) return;
  for (auto& [reference, expected] : resources_) {
    if (is_member(reference, expected, request.target)) apply_to_member(expected, request, removals, certain);
  }
}

void Oracle::apply_to_member(Expected& expected, const Request& request, const Removed& removals, bool certain) {
  const Removed removed = really_removed(expected, request.target, removals);
  std::vector<AccountEntries> possible;
  bool written = !expected.proper;
  for (const AccountEntries& current : expected.possible) {
    AccountEntries wanted = on_member(current, removed, request.accounts);
    written = written || wanted != current;
    if (!certain) add_once(possible, current);
    add_once(possible, std::move(wanted));
  }
  if (written) ++expected.writes;
  expected.possible = std::move(possible);
  expected.proper = expected.proper || certain;
  expected.ours = true;
}

/// Another Patient of the member who has an account himself keeps it there.
Oracle::Removed Oracle::really_removed(const Expected& member, const std::string& target,
                                       const Removed& removals) const {
  Removed removed = removals;
  for (const std::string& patient : member.compartments) {
    if (patient == target) continue;
    for (const AccountEntry& kept : accounts_of(patient)) removed.erase(kept.reference);
  }
  return removed;
}

void Oracle::forget(const std::string& reference) {
  resources_.erase(reference);
  forgotten_.insert(reference);
}

void Oracle::note_external(const World& world, const std::string& reference) {
  const Record* record = world.find(reference);
  if (record) resources_[reference] = as_it_is(*record);
}

void Oracle::note_external_during(const World& world, const std::string& reference) {
  note_external(world, reference);
  const auto found = resources_.find(reference);
  if (found == resources_.end() || !last_.propagate) return;
  if (is_member(reference, found->second, last_.target)) apply_to_member(found->second, last_, last_removals_, true);
  updated_ = 1 + static_cast<long>(members_of(last_.target).size());
}

std::vector<std::string> Oracle::differences(const World& world, std::size_t most) const {
  std::vector<std::string> found;
  std::size_t more = 0;
  const auto note = [&](std::string difference) {
    if (difference.empty()) return;
    if (found.size() < most) {
      found.push_back(std::move(difference));
    } else {
      ++more;
    }
  };
  for (const auto& [reference, expected] : resources_) note(difference(reference, expected, world.find(reference)));
  for (const auto& [reference, record] : world.records()) {
    if (!resources_.contains(reference) && !forgotten_.contains(reference)) note(reference + ": was not there before");
  }
  if (more > 0) found.push_back("and " + std::to_string(more) + " more");
  return found;
}

std::vector<std::string> Oracle::members_of(const std::string& patient) const {
  std::vector<std::string> members;
  for (const auto& [reference, expected] : resources_) {
    if (is_member(reference, expected, patient)) members.push_back(reference);
  }
  return members;
}

AccountEntries Oracle::accounts_of(const std::string& reference) const {
  const auto found = resources_.find(reference);
  return found == resources_.end() || found->second.possible.empty() ? AccountEntries()
                                                                     : found->second.possible.front();
}

bool Oracle::is_member(std::string_view reference, const Expected& expected, const std::string& target) const {
  return type_of(target) == "Patient" && type_of(reference) != "Patient" && expected.before.text &&
         std::ranges::find(expected.compartments, target) != expected.compartments.end();
}

std::string Oracle::difference(const std::string& reference, const Expected& expected, const Record* record) const {
  if (!record) return reference + ": is gone without a trace";
  const std::size_t written = record->history.size() - expected.versions;
  if (!expected.before.text || record->deleted()) {
    return written == 0 ? "" : reference + (record->deleted() ? ": was deleted" : ": was deleted and came back");
  }
  if (!expected.ours) {
    if (written == 0) return "";
    return reference + ": is no target and no member, but was written (" + counted(written, "version") + ")";
  }
  const Json resource = parsed(record->text());
  const AccountEntries entries = entries_of(resource);
  if (std::ranges::find(expected.possible, entries) == expected.possible.end()) {
    return reference + ": accounts are " + shown(entries) + ", must be " + shown_alternatives(expected.possible);
  }
  if (expected.proper && !stored_properly(resource, entries))
    return reference + ": meta.account is not its first account";
  if (written > 0 && remainder(record->text()) != remainder(*expected.before.text)) {
    return reference + ": something else than its accounts was changed";
  }
  if (written > expected.writes) {
    return reference + ": " + counted(written, "new version") + " where " + std::to_string(expected.writes) +
           " would do";
  }
  return "";
}

}  // namespace sandbox
