#include "worker/propagation.h"

#include <algorithm>
#include <optional>

#include "fhir/instant.h"
#include "fhir/refused.h"
#include "worker/concurrency.h"

namespace worker {
namespace {

/// How far clocks and commits of the server may lie apart: what was committed late may carry an earlier lastUpdated.
constexpr auto since_margin = std::chrono::seconds(10);

bool contains(const fhir::Accounts& accounts, const std::string& reference) {
  return std::ranges::any_of(accounts, [&](const fhir::Account& a) { return a.reference == reference; });
}

std::vector<std::string> leaving(const fhir::Accounts& old_accounts, const fhir::Accounts& requested) {
  std::vector<std::string> references;
  for (const fhir::Account& account : old_accounts)
    if (!account.reference.empty() && !contains(requested, account.reference)) references.push_back(account.reference);
  return references;
}

}  // namespace

Propagation::Propagation(fhir::Client& client, queue::JobQueue& queue, queue::Job job, Request request, Limits limits,
                         std::uint64_t share, Progress& progress, fhir::Stop& stop)
    : client_(client),
      queue_(queue),
      job_(std::move(job)),
      request_(std::move(request)),
      limits_(limits),
      caller_{request_.target, request_.traceparent, share},
      progress_(progress),
      stop_(stop) {}

Awaitable<void> Propagation::run() {
  co_await plan_and_write_target();
  if (request_.sweeps()) co_await sweep_and_verify();
}

/// A conflict goes back to the plan: whoever wrote the target in between may have given it accounts that must leave.
Awaitable<void> Propagation::plan_and_write_target() {
  constexpr int max_tries = 5;
  for (int tries = 0; tries < max_tries; ++tries) {
    progress_.enter(queue::Phase::plan, 0);
    fhir::Entry target = co_await read_target();
    co_await plan(fhir::effective_accounts(target.accounts));
    progress_.enter(queue::Phase::target, 0);
    const bool settled = co_await write_target(std::move(target));
    if (settled) co_return;
  }
  throw fhir::RequestFailed("PATCH " + request_.target.str() + ": conflict five times, someone keeps writing it");
}

Awaitable<fhir::Entry> Propagation::read_target() {
  fhir::Reading reading = co_await fhir::read_resource(client_, stop_, request_.target, caller_);
  if (!reading.entry)
    throw JobImpossible("the target cannot be read: " + reading.diagnostics,
                        "the target cannot be read: " + std::to_string(reading.status));
  co_return std::move(*reading.entry);
}

/// Before the target is written its old accounts go into what it owes: afterwards they are known nowhere else.
Awaitable<void> Propagation::plan(fhir::Accounts old_accounts) {
  std::vector<std::string> going = leaving(old_accounts, request_.accounts);
  std::string before = sees_before() ? references_json(old_accounts) : std::string();
  removals_.clear();
  if (request_.sweeps()) {
    if (request_.dry_run) {
      owed_ = co_await queue_.owed(request_.target.str());
      owed_.insert(owed_.end(), going.begin(), going.end());
    } else {
      owed_ = co_await queue_.owe(job_, std::move(going));
    }
    for (const std::string& reference : owed_)
      if (!contains(request_.accounts, reference)) removals_.insert(reference);
  }
  progress_.planned(references_json(request_.accounts), references_json(removals_), std::move(before));
}

/// A worker that lost the job may have written the target without a word of what was there.
bool Propagation::sees_before() const {
  return !job_.fields.contains("mostUpdated") && !job_.fields.contains("accountsBefore");
}

/// False after a conflict.
Awaitable<bool> Propagation::write_target(fhir::Entry target) {
  const fhir::Accounts wanted = fhir::wanted_on_target(fhir::effective_accounts(target.accounts), request_.accounts);
  fhir::Patched patched;
  if (fhir::is_right(target.accounts, wanted)) {
    patched.outcome = fhir::Outcome::unchanged;
  } else if (request_.dry_run) {
    patched.outcome = fhir::Outcome::to_write;
  } else {
    const fhir::PatchAttempt attempt = co_await fhir::patch_accounts(client_, stop_, target, wanted, caller_);
    patched.status = attempt.status;
    switch (attempt.answer) {
      case fhir::PatchAnswer::written:
        patched.outcome = fhir::Outcome::written;
        break;
      case fhir::PatchAnswer::conflict:
        co_return false;
      case fhir::PatchAnswer::gone:
        throw JobImpossible(
            "the target is gone: PATCH " + request_.target.str() + ": " + std::to_string(attempt.status),
            "the target is gone: " + std::to_string(attempt.status));
      case fhir::PatchAnswer::ignored:
        throw JobImpossible("the target cannot be written: " + attempt.diagnostics);
      case fhir::PatchAnswer::refused:
        throw JobImpossible("the target cannot be written: " + attempt.diagnostics,
                            "the target cannot be written: " + std::to_string(attempt.status));
    }
  }
  progress_.count(request_.target, patched);
  co_return true;
}

/// A pass by offset skips a resource whenever an earlier one is deleted meanwhile, so whole passes follow until one
/// wrote nothing. A pass by cursor cannot skip: afterwards only what the server changed since is looked at.
Awaitable<void> Propagation::sweep_and_verify() {
  fhir::CompartmentReader reader(client_, stop_, request_.target,
                                 {limits_.page_size, caller_.traceparent, caller_.share});
  fhir::AccountsPatcher patcher(client_, stop_, caller_, {request_.accounts, removals_, request_.dry_run});

  const bool verifies = request_.verify == config::Verify::full && !request_.dry_run;
  std::optional<std::string> since;
  bool proven = false;
  for (int number = 1; !proven; ++number) {
    if (number > limits_.max_passes)
      throw fhir::RequestFailed("the compartment of " + request_.target.str() + " kept changing through " +
                                std::to_string(limits_.max_passes) + " passes");
    const std::uint64_t writes_before = progress_.writes();
    progress_.enter(number == 1 ? queue::Phase::sweep : queue::Phase::verify, number);
    reader.begin_pass(since);
    co_await pass(reader, patcher);

    const bool wrote_nothing = progress_.writes() == writes_before;
    const bool whole = !reader.could_skip();
    if (!verifies) {
      proven = whole;
      break;
    }
    const auto next_since = whole ? fhir::instant_before(reader.newest(), since_margin) : std::nullopt;
    proven = wrote_nothing && (since ? whole : !next_since);
    since = next_since;
  }
  if (proven && progress_.counts().failed == 0 && !request_.dry_run) settled_debts_ = owed_;
}

Awaitable<void> Propagation::pass(fhir::CompartmentReader& reader, fhir::AccountsPatcher& patcher) {
  MembersAhead members(reader, stop_, request_.target, progress_);
  GentleGroup group(stop_);
  group.add(members.read());
  for (std::size_t n = 0; n < limits_.concurrency; ++n) group.add(lane(members, patcher));
  co_await group.run();
}

Awaitable<void> Propagation::lane(MembersAhead& members, fhir::AccountsPatcher& patcher) {
  for (;;) {
    std::optional<fhir::Entry> member = members.take();
    if (!member) member = co_await members.next();
    if (!member) co_return;
    if (progress_.failed_at(member->reference, member->version_id)) continue;
    const fhir::Patched patched = co_await patcher.bring_right(*member);
    if (patched.outcome == fhir::Outcome::failed) progress_.remember_failure(member->reference, member->version_id);
    progress_.count(member->reference, patched);
  }
}

}  // namespace worker
