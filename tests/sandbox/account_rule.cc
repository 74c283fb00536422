#include "sandbox/account_rule.h"

#include <algorithm>
#include <string>
#include <vector>

#include "sandbox/compartment.h"
#include "sandbox/world.h"

namespace sandbox {
namespace {

void add_references(const JsonValue& resource, std::vector<std::string>& references) {
  Json scratch;
  const JsonValue accounts = named_accounts(resource, scratch.GetAllocator());
  for (const JsonValue& account : accounts.GetArray()) {
    const std::string reference(text_member(account, "reference"));
    if (!reference.empty() && std::ranges::find(references, reference) == references.end()) {
      references.push_back(reference);
    }
  }
}

bool names(const JsonValue& accounts, std::string_view reference) {
  return std::ranges::any_of(accounts.GetArray(),
                             [&](const JsonValue& account) { return text_member(account, "reference") == reference; });
}

}  // namespace

JsonValue named_accounts(const JsonValue& resource, JsonAllocator& allocator) {
  JsonValue result(rapidjson::kArrayType);
  const JsonValue* meta = member(resource, "meta");
  if (!meta) return result;
  const JsonValue* accounts = member(*meta, "accounts");
  const JsonValue* account = member(*meta, "account");
  const bool listed = accounts != nullptr && account != nullptr && names(*accounts, text_member(*account, "reference"));
  if (account && !listed) result.PushBack(JsonValue(*account, allocator), allocator);
  if (accounts) {
    for (const JsonValue& each : accounts->GetArray()) result.PushBack(JsonValue(each, allocator), allocator);
  }
  return result;
}

JsonValue inherited_accounts(const World& world, const JsonValue& resource, JsonAllocator& allocator) {
  std::vector<std::string> references;
  const std::vector<std::string> patients = patients_of(resource);
  const bool is_patient = text_member(resource, "resourceType") == "Patient";
  for (const std::string& patient : patients) {
    const Record* record = world.find(patient);
    if (record && !record->deleted()) add_references(parsed(record->text()), references);
    if (is_patient) break;
  }
  JsonValue accounts(rapidjson::kArrayType);
  for (const std::string& reference : references) {
    JsonValue account(rapidjson::kObjectType);
    set_member(account, "reference", text_value(reference, allocator), allocator);
    accounts.PushBack(account, allocator);
  }
  return accounts;
}

void set_accounts(JsonValue& resource, JsonValue accounts, JsonAllocator& allocator) {
  if (!member(resource, "meta")) set_member(resource, "meta", JsonValue(rapidjson::kObjectType), allocator);
  JsonValue& meta = *member(resource, "meta");
  remove_member(meta, "account");
  remove_member(meta, "accounts");
  if (accounts.Empty()) return;
  JsonValue first(accounts[0], allocator);
  set_member(meta, "account", std::move(first), allocator);
  set_member(meta, "accounts", std::move(accounts), allocator);
}

}  // namespace sandbox
