#pragma once

#include <set>
#include <string>
#include <vector>

#include "sandbox/json.h"

namespace sandbox {

/// A set-accounts request, as somebody made it.
struct Request {
  std::string target;
  std::vector<std::string> accounts;
  bool propagate = false;
};

/// One of a resource's accounts: the whole Reference counts, its reference identifies it.
struct AccountEntry {
  std::string reference;
  std::string json;
  bool operator==(const AccountEntry&) const = default;
};
using AccountEntries = std::vector<AccountEntry>;

/// The accounts a stored resource has; meta.account in front if it is not among them.
AccountEntries entries_of(const JsonValue& resource);
/// Whether meta.accounts and meta.account are what they must be for these: account is the first, nothing for none.
bool stored_properly(const JsonValue& resource, const AccountEntries& entries);
bool has(const AccountEntries& entries, const std::string& reference);

/// The target gets exactly the requested accounts, in order; what it had of them stays as it was (display, …).
AccountEntries on_target(const AccountEntries& current, const std::vector<std::string>& requested);
/// A member loses `removed` and gets what it lacks, appended in order.
AccountEntries on_member(const AccountEntries& current, const std::set<std::string>& removed,
                         const std::vector<std::string>& requested);

/// What a resource says beside its accounts and what the server sets itself, as comparable text: two resources are the
/// same but for those exactly if these are equal. Order of members does not count, order of arrays does.
std::string remainder(std::string_view resource);

std::string shown(const AccountEntries& entries);

}  // namespace sandbox
