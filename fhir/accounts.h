#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fhir {

/// One element of meta.accounts: a FHIR Reference of which every member is kept.
struct Account {
  std::string reference;  ///< its `reference`, the account's identity; empty if it has none (then it is never removed)
  std::string json;       ///< the whole Reference as a JSON object, as it came
  bool operator==(const Account&) const = default;
};
using Accounts = std::vector<Account>;

/// An account of which only the reference is known: {"reference":"Type/id"}.
Account account(std::string reference);

/// Removals are compared by reference.
using Removals = std::set<std::string, std::less<>>;

/// The accounts that a server believes a resource has: `accounts`, with the older single `account` in front if it is
/// not among them (Medplum, core `extractAccountReferences`). `single` is null where the resource has none.
Accounts effective_accounts(const Accounts& accounts, const Account* single);

/// What a member must have: (current − removals) + the requested accounts it lacks, appended in order.
/// An account that is both requested and to be removed stays.
Accounts wanted_on_member(const Accounts& current, const Removals& removals, const Accounts& requested);

/// What the target must have: the requested accounts in their order, each as the target has it already if it does
/// (so that its display and other members are kept).
Accounts wanted_on_target(const Accounts& current, const Accounts& requested);

/// What a resource's meta says of accounts.
struct AccountState {
  Accounts accounts;
  std::optional<Account> single;  ///< the older meta.account
  bool operator==(const AccountState&) const = default;
};

inline Accounts effective_accounts(const AccountState& state) {
  return effective_accounts(state.accounts, state.single ? &*state.single : nullptr);
}

/// Nothing to write: accounts are exactly `wanted`, in order, and meta.account is wanted[0], or absent for none.
bool is_right(const AccountState& state, const Accounts& wanted);

/// The JSON Patch (RFC 6902) that brings a resource at `version_id` from `state` to `wanted`:
/// `test /meta/versionId` first, `add /meta/accounts`, then `add` or `remove /meta/account`.
/// `remove` only where `state` has one: removing what is absent is a 400.
std::string accounts_patch(const std::string& version_id, const AccountState& state, const Accounts& wanted);

}  // namespace fhir
