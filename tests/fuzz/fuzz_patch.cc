#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fhir/accounts.h"
#include "fhir/page_parser.h"
#include "sandbox/json.h"
#include "sandbox/json_patch.h"
#include "tests/fhir/random_page.h"
#include "tests/fuzz/must.h"

namespace {

using fhir::Account;
using fhir::Accounts;
using fuzz::must;
using oracle::Dice;
using sandbox::Json;
using sandbox::JsonValue;

const fhir::Reference target{"Patient", "p"};

bool has(const Accounts& accounts, const Account& account) {
  return std::ranges::find(accounts, account.reference, &Account::reference) != accounts.end();
}

/// Without repetitions, as a job has them.
Accounts requested(const Accounts& thrown) {
  Accounts accounts;
  for (const Account& account : thrown)
    if (!account.reference.empty() && !has(accounts, account)) accounts.push_back(account);
  return accounts;
}

fhir::Removals removals_in(const Accounts& thrown, Dice& dice) {
  fhir::Removals removals;
  for (const Account& account : thrown)
    if (dice.once_in(2)) removals.insert(account.reference);
  return removals;
}

/// As the server takes them: the single one in front, unless it is listed.
Accounts expected_of(const fhir::AccountState& state) {
  Accounts expected = state.accounts;
  if (state.single && !has(expected, *state.single)) expected.insert(expected.begin(), *state.single);
  return expected;
}

/// (current − removals) + the requested ones it lacks, in order, told the long way.
Accounts expected_on_member(const Accounts& current, const fhir::Removals& removals, const Accounts& wished) {
  Accounts expected;
  for (const Account& account : current)
    if (account.reference.empty() || has(wished, account) || removals.count(account.reference) == 0)
      expected.push_back(account);
  for (const Account& account : wished)
    if (!has(current, account)) expected.push_back(account);
  return expected;
}

Accounts expected_on_target(const Accounts& current, const Accounts& wished) {
  Accounts expected;
  for (const Account& account : wished) {
    const auto own = std::ranges::find(current, account.reference, &Account::reference);
    expected.push_back(own == current.end() ? account : *own);
  }
  return expected;
}

Json list_of(const Accounts& accounts) {
  std::string text = "[";
  for (const Account& account : accounts) text += (text.size() > 1 ? "," : "") + account.json;
  return sandbox::parsed(text + "]");
}

/// The accounts are exactly these, and the single one is the first of them.
void must_hold(const Json& resource, const Accounts& wanted) {
  const JsonValue& meta = resource["meta"];
  const JsonValue* single = sandbox::member(meta, "account");
  const Json list = list_of(wanted);
  must(meta["accounts"] == list, "the patched accounts are those wanted", sandbox::to_text(resource));
  must((single != nullptr) == !wanted.empty(), "meta.account is there if an account is", sandbox::to_text(resource));
  if (single != nullptr) must(*single == list[0], "meta.account is the first", sandbox::to_text(resource));
}

/// Whether nothing needs to be written. The server compares meta.account by its reference.
bool holds(const fhir::AccountState& state, const Accounts& wanted) {
  if (list_of(state.accounts) != list_of(wanted) || state.single.has_value() == wanted.empty()) return false;
  if (wanted.empty()) return true;
  if (!state.single->reference.empty()) return state.single->reference == wanted.front().reference;
  return list_of({*state.single}) == list_of({wanted.front()});
}

Json without_accounts(const Json& resource) {
  Json rest = sandbox::copy_of(resource);
  sandbox::remove_member(rest["meta"], "account");
  sandbox::remove_member(rest["meta"], "accounts");
  return rest;
}

/// What the server holds afterwards.
Json patched(const std::string& text, const fhir::Entry& entry, const Accounts& wanted) {
  const auto operations = sandbox::parse(accounts_patch(entry.version_id, entry.accounts, wanted));
  must(operations && operations->IsArray(), "a patch is a JSON array", text);
  Json resource = sandbox::parsed(text);
  const auto failure = sandbox::apply_patch(resource, *operations);
  must(!failure, "every operation of the patch applies", failure.value_or(""));
  Json newer = sandbox::parsed(text);
  newer["meta"]["versionId"].SetString("another");
  must(sandbox::apply_patch(newer, *operations).has_value(), "the patch of an older version is refused", text);
  return resource;
}

fhir::Entry read(const std::string& text) {
  auto entry = fhir::parse_resource(text, target);
  must(entry.has_value(), "the resource is read", text);
  return *std::move(entry);
}

/// Once written, a second pass computes the same again and finds it right, so nothing is ever written twice.
template <class Want>
void judge(const std::string& text, Want want) {
  const fhir::Entry before = read(text);
  const Accounts wanted = want(effective_accounts(before.accounts));
  const Json after = patched(text, before, wanted);
  must_hold(after, wanted);
  must(without_accounts(after) == without_accounts(sandbox::parsed(text)), "nothing but accounts changes", text);

  const fhir::AccountState state = read(sandbox::to_text(after)).accounts;
  must(is_right(state, want(effective_accounts(state))), "what was written is right", sandbox::to_text(after));
  must(is_right(before.accounts, wanted) == holds(before.accounts, wanted), "what is right is left, nothing else",
       text);
}

}  // namespace

/// The bytes are the dice for a resource, for what is requested and for what is to be removed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Dice dice(std::string_view(reinterpret_cast<const char*>(bytes), size));
  const std::string text = oracle::random_stored_resource(dice);
  const Accounts wished = requested(read(oracle::random_stored_resource(dice)).accounts.accounts);
  const fhir::AccountState state = read(text).accounts;
  const Accounts current = effective_accounts(state);
  const fhir::Removals removals = removals_in(current, dice);

  must(current == expected_of(state), "what the server believes a resource has");
  must(wanted_on_member(current, removals, wished) == expected_on_member(current, removals, wished), "a member's law");
  must(wanted_on_target(current, wished) == expected_on_target(current, wished), "the target's law");
  judge(text, [&](const Accounts& present) { return wanted_on_member(present, removals, wished); });
  judge(text, [&](const Accounts& present) { return wanted_on_target(present, wished); });
  return 0;
}
