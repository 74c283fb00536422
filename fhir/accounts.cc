#include "fhir/accounts.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace fhir {

namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

std::unordered_set<std::string_view> references_of(const Accounts& accounts) {
  std::unordered_set<std::string_view> references;
  for (const Account& account : accounts)
    if (!account.reference.empty()) references.insert(account.reference);
  return references;
}

/// meta.account and accounts[0] may carry different displays: the server compares them by reference.
bool same_account(const Account& left, const Account& right) {
  return left.reference.empty() ? left.json == right.json : left.reference == right.reference;
}

void write_string(Writer& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_member(Writer& writer, std::string_view name, std::string_view value) {
  writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  write_string(writer, value);
}

void begin_operation(Writer& writer, std::string_view operation, std::string_view path) {
  writer.StartObject();
  write_member(writer, "op", operation);
  write_member(writer, "path", path);
}

void write_account(Writer& writer, const Account& account) {
  writer.RawValue(account.json.data(), account.json.size(), rapidjson::kObjectType);
}

void write_test_of_version(Writer& writer, std::string_view version_id) {
  begin_operation(writer, "test", "/meta/versionId");
  write_member(writer, "value", version_id);
  writer.EndObject();
}

void write_accounts(Writer& writer, const Accounts& wanted) {
  begin_operation(writer, "add", "/meta/accounts");
  writer.Key("value");
  writer.StartArray();
  for (const Account& account : wanted) write_account(writer, account);
  writer.EndArray();
  writer.EndObject();
}

/// An account left in meta.account would be put back in front of the accounts by the server.
void write_single(Writer& writer, bool present, const Accounts& wanted) {
  if (wanted.empty() && !present) return;
  begin_operation(writer, wanted.empty() ? "remove" : "add", "/meta/account");
  if (!wanted.empty()) {
    writer.Key("value");
    write_account(writer, wanted.front());
  }
  writer.EndObject();
}

}  // namespace

Account account(std::string reference) {
  rapidjson::StringBuffer json;
  Writer writer(json);
  writer.StartObject();
  write_member(writer, "reference", reference);
  writer.EndObject();
  return {std::move(reference), {json.GetString(), json.GetSize()}};
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
  const auto keep = references_of(requested);
  auto present = references_of(current);
  Accounts wanted;
  wanted.reserve(current.size() + requested.size());
  for (const Account& account : current)
    if (account.reference.empty() || keep.contains(account.reference) || !removals.contains(account.reference))
      wanted.push_back(account);
  for (const Account& account : requested)
    if (present.insert(account.reference).second) wanted.push_back(account);
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
  rapidjson::StringBuffer json;
  Writer writer(json);
  writer.StartArray();
  write_test_of_version(writer, version_id);
  write_accounts(writer, wanted);
  write_single(writer, state.single.has_value(), wanted);
  writer.EndArray();
  return {json.GetString(), json.GetSize()};
}

}  // namespace fhir
