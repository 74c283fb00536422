#include "fhir/accounts_patcher.h"

#include "fhir/membership.h"
#include "fhir/operation_outcome.h"
#include "fhir/refused.h"

namespace fhir {
namespace {

constexpr int max_tries = 5;

/// A stale version is a 412, or a 400 from the patch's own `test`, which servers check first
/// (Medplum before 5.1.28 ignores If-Match on PATCH).
bool is_conflict(const Response& response) {
  if (response.status == 412) return true;
  return response.status == 400 && parse_operation_outcome(response.body).text.starts_with("Test failed");
}

/// Which version the server has now; where a proxy dropped the ETag the body says it. Empty if neither does.
std::string version_after(const Response& response, const Reference& resource) {
  if (!response.etag.empty()) return response.etag;
  const auto after = parse_resource(response.body, resource);
  return after && after->reference == resource ? after->version_id : "";
}

/// Apache marks the ETag of what it packs (mod_deflate, DeflateAlterETag).
bool names(std::string_view said, std::string_view version) {
  constexpr std::string_view packed = "-gzip";
  return said.starts_with(version) && (said.size() == version.size() || said.substr(version.size()) == packed);
}

/// Whoever answers 200 and knows of no version is not the server: a proxy, say, with a page of its own.
std::optional<std::string> says_nothing_of(const Response& response, const Reference& resource) {
  if (!response.etag.empty() || !version_after(response, resource).empty()) return std::nullopt;
  return "it does not say which version the resource has now";
}

PatchAnswer judge(const Response& response, const Entry& before) {
  if (response.status >= 200 && response.status < 300)
    return names(version_after(response, before.reference), before.version_id) ? PatchAnswer::ignored
                                                                               : PatchAnswer::written;
  if (response.status == 404 || response.status == 410) return PatchAnswer::gone;
  return is_conflict(response) ? PatchAnswer::conflict : PatchAnswer::refused;
}

bool has_any(const AccountState& state) {
  return state.single || !state.accounts.empty();
}

std::string title(const Entry& entry) {
  return "PATCH " + entry.reference.str();
}

Patched failed(unsigned status, std::string diagnostics) {
  return Patched{Outcome::failed, status, std::move(diagnostics)};
}

/// Of any answer but a conflict.
Patched patched_by(PatchAttempt attempt) {
  switch (attempt.answer) {
    case PatchAnswer::written:
      return {Outcome::written, attempt.status, ""};
    case PatchAnswer::gone:
      return {Outcome::gone, attempt.status, ""};
    case PatchAnswer::conflict:
    case PatchAnswer::ignored:
    case PatchAnswer::refused:
      break;
  }
  return failed(attempt.status, std::move(attempt.diagnostics));
}

}  // namespace

Awaitable<PatchAttempt> patch_accounts(Client& client, Stop& stop, const Entry& entry, const Accounts& wanted,
                                       const Caller& caller) {
  if (!is_id(entry.version_id))  // FHIR R4, Meta.versionId is an id
    co_return PatchAttempt{PatchAnswer::refused, 0,
                           title(entry) + ": not sent, it has no versionId to guard the write by"};
  Request request;
  request.method = Method::patch;
  request.path = entry.reference.str();
  request.body = accounts_patch(entry.version_id, entry.accounts, wanted);
  request.if_match = entry.version_id;
  request.traceparent = caller.traceparent;
  request.share = caller.share;
  request.unusable = [&entry](const Response& answer) { return says_nothing_of(answer, entry.reference); };
  const Response response = co_await client.send(std::move(request), stop);

  PatchAttempt attempt{judge(response, entry), response.status, ""};
  if (attempt.answer == PatchAnswer::conflict) ++client.tally().conflicts;
  if (attempt.answer == PatchAnswer::ignored)
    attempt.diagnostics =
        title(entry) + ": the server answered 200 and ignored the change; may this client write accounts?";
  if (attempt.answer == PatchAnswer::refused) attempt.diagnostics = describe_refusal(title(entry), response);
  co_return attempt;
}

AccountsPatcher::AccountsPatcher(Client& client, Stop& stop, Caller caller, Intent intent)
    : client_(client),
      stop_(stop),
      caller_(std::move(caller)),
      intent_(std::move(intent)),
      wanted_without_any_(wanted_on_member({}, {}, intent_.requested)),
      others_(client, stop, caller_) {}

Awaitable<Patched> AccountsPatcher::bring_right(const Entry& member) {
  const Entry* latest = &member;
  Reading again;
  for (int tries = 1;; ++tries) {
    std::optional<OtherPatients::Removable> some;
    if (OtherPatients::have_a_say(*latest, intent_.removals)) some = co_await others_.of(*latest, intent_.removals);
    if (some && some->refused) co_return failed(some->refused->status, std::move(some->refused->diagnostics));

    const Removals& removals = some ? some->removals : intent_.removals;
    std::optional<Accounts> computed;
    if (has_any(latest->accounts))
      computed = wanted_on_member(effective_accounts(latest->accounts), removals, intent_.requested);
    const Accounts& wanted = computed ? *computed : wanted_without_any_;
    if (is_right(latest->accounts, wanted)) co_return Patched{Outcome::unchanged, 0, ""};
    if (intent_.dry_run) co_return Patched{Outcome::to_write, 0, ""};

    PatchAttempt attempt = co_await patch_accounts(client_, stop_, *latest, wanted, caller_);
    if (attempt.answer != PatchAnswer::conflict) co_return patched_by(std::move(attempt));
    if (tries == max_tries)
      co_return failed(412, "PATCH " + member.reference.str() + ": 412 five times, someone keeps writing it");

    again = co_await read_resource(client_, stop_, member.reference, caller_);
    if (again.gone()) co_return Patched{Outcome::gone, again.status, ""};
    if (!again.entry) co_return failed(again.status, std::move(again.diagnostics));
    latest = &*again.entry;
    if (!is_member_by_compartment(*latest, caller_.target)) co_return Patched{Outcome::not_a_member, 0, ""};
  }
}

}  // namespace fhir
