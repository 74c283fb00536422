#include "fhir/accounts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace fhir {

namespace {

/// A set of references. Nearly always there are few, and to compare them one by one takes less than to hash them.
class References {
 public:
  explicit References(const Accounts& accounts) {
    for (const Account& account : accounts)
      if (!account.reference.empty()) insert(account.reference);
  }
  bool contains(std::string_view reference) const {
    const auto* end = few_.data() + size_;
    return many_.empty() ? std::find(few_.data(), end, reference) != end : many_.contains(reference);
  }
  /// False if it is there already.
  bool insert(std::string_view reference) {
    if (contains(reference)) return false;
    if (many_.empty() && size_ < few_.size()) {
      few_[size_++] = reference;
      return true;
    }
    if (many_.empty()) many_.insert(few_.begin(), few_.end());
    return many_.insert(reference).second;
  }

 private:
  std::array<std::string_view, 16> few_;
  std::size_t size_ = 0;
  std::unordered_set<std::string_view> many_;  ///< all, once there are more than a few
};

/// meta.account and accounts[0] may carry different displays: the server compares them by reference.
bool same_account(const Account& left, const Account& right) {
  return left.reference.empty() ? left.json == right.json : left.reference == right.reference;
}

bool needs_escapes(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\'; });
}

void append_quoted(std::string& json, std::string_view text) {
  if (!needs_escapes(text)) {
    json.append("\"").append(text).append("\"");
    return;
  }
  rapidjson::StringBuffer escaped;
  rapidjson::Writer<rapidjson::StringBuffer> writer(escaped);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  json.append(escaped.GetString(), escaped.GetSize());
}

void append_array(std::string& json, const Accounts& accounts) {
  json += '[';
  for (const Account& account : accounts) json.append(&account == accounts.data() ? "" : ",").append(account.json);
  json += ']';
}

/// An account left in meta.account would be put back in front of the accounts by the server.
void append_operation_on_single(std::string& json, bool present, const Accounts& wanted) {
  if (!wanted.empty())
    json.append(R"(,{"op":"add","path":"/meta/account","value":)").append(wanted.front().json).append("}");
  else if (present)
    json += R"(,{"op":"remove","path":"/meta/account"})";
}

}  // namespace

Account account(std::string reference) {
  std::string json = R"({"reference":)";
  append_quoted(json, reference);
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
  References present(current);
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
  constexpr std::size_t usual_size = 512;
  std::string json;
  json.reserve(usual_size);
  json += R"([{"op":"test","path":"/meta/versionId","value":)";
  append_quoted(json, version_id);
  json += R"(},{"op":"add","path":"/meta/accounts","value":)";
  append_array(json, wanted);
  json += '}';
  append_operation_on_single(json, state.single.has_value(), wanted);
  json += ']';
  return json;
}

}  // namespace fhir
