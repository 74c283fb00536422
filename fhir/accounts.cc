#include "fhir/accounts.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "fhir/reference.h"

namespace fhir {

namespace {

/// References that were seen. Few are the rule, and a table of a few costs more than looking at each.
class References {
 public:
  explicit References(std::size_t most) : few_(most <= 8) {}
  explicit References(const Accounts& accounts, std::size_t more = 0) : References(accounts.size() + more) {
    for (const Account& account : accounts)
      if (!account.reference.empty()) insert(account.reference);
  }

  bool contains(std::string_view reference) const {
    return few_ ? std::ranges::find(list_, reference) != list_.end() : table_.contains(reference);
  }
  /// False if it is there already.
  bool insert(std::string_view reference) {
    if (!few_) return table_.insert(reference).second;
    if (contains(reference)) return false;
    list_.push_back(reference);
    return true;
  }

 private:
  bool few_;
  std::vector<std::string_view> list_;
  std::unordered_set<std::string_view> table_;
};

/// meta.account and accounts[0] may carry different displays: the server compares them by reference.
bool same_account(const Account& left, const Account& right) {
  return left.reference.empty() ? left.json == right.json : left.reference == right.reference;
}

void append_string(std::string& json, std::string_view text) {
  if (is_id(text)) {
    json.append("\"").append(text).append("\"");
    return;
  }
  rapidjson::StringBuffer escaped;
  rapidjson::Writer<rapidjson::StringBuffer> writer(escaped);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  json.append(escaped.GetString(), escaped.GetSize());
}

void append_test_of_version(std::string& patch, std::string_view version_id) {
  patch += R"({"op":"test","path":"/meta/versionId","value":)";
  append_string(patch, version_id);
  patch += '}';
}

void append_accounts(std::string& patch, const Accounts& wanted) {
  patch += R"({"op":"add","path":"/meta/accounts","value":[)";
  for (const Account& account : wanted) {
    if (&account != &wanted.front()) patch += ',';
    patch += account.json;
  }
  patch += "]}";
}

/// An account left in meta.account would be put back in front of the accounts by the server.
void append_single(std::string& patch, bool present, const Accounts& wanted) {
  if (!wanted.empty()) {
    patch.append(R"(,{"op":"add","path":"/meta/account","value":)").append(wanted.front().json) += '}';
  } else if (present) {
    patch += R"(,{"op":"remove","path":"/meta/account"})";
  }
}

}  // namespace

Account account(std::string reference) {
  std::string json = R"({"reference":)";
  append_string(json, reference);
  json += '}';
  return {std::move(reference), std::move(json)};
}

Accounts effective_accounts(const Accounts& accounts, const Account* single) {
  Accounts effective;
  effective.reserve(accounts.size() + 1);
  if (single != nullptr && std::ranges::find(accounts, single->reference, &Account::reference) == accounts.end())
    effective.push_back(*single);
  effective.insert(effective.end(), accounts.begin(), accounts.end());
  return effective;
}

Accounts wanted_on_member(const Accounts& current, const Removals& removals, const Accounts& requested) {
  const References keep(requested);
  References present(current, requested.size());
  Accounts wanted;
  wanted.reserve(current.size() + requested.size());
  for (const Account& account : current)
    if (account.reference.empty() || keep.contains(account.reference) || !removals.contains(account.reference))
      wanted.push_back(account);
  for (const Account& account : requested)
    if (present.insert(account.reference)) wanted.push_back(account);
  return wanted;
}

Accounts wanted_on_target(const Accounts& current, const Accounts& requested) {
  std::unordered_map<std::string_view, const Account*> present;
  for (const Account& account : current) present.emplace(account.reference, &account);
  Accounts wanted;
  wanted.reserve(requested.size());
  for (const Account& account : requested) {
    const auto found = present.find(account.reference);
    wanted.push_back(found == present.end() ? account : *found->second);
  }
  return wanted;
}

bool is_right(const AccountState& state, const Accounts& wanted) {
  if (!std::ranges::equal(state.accounts, wanted, {}, &Account::json, &Account::json)) return false;
  if (wanted.empty() || !state.single) return wanted.empty() && !state.single;
  return same_account(*state.single, wanted.front());
}

std::string accounts_patch(const std::string& version_id, const AccountState& state, const Accounts& wanted) {
  constexpr std::size_t usual_size = 400;
  std::string patch;
  patch.reserve(usual_size);
  patch += '[';
  append_test_of_version(patch, version_id);
  patch += ',';
  append_accounts(patch, wanted);
  append_single(patch, state.single.has_value(), wanted);
  patch += ']';
  return patch;
}

}  // namespace fhir
