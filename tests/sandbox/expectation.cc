#include "sandbox/expectation.h"

#include <algorithm>

namespace sandbox {
namespace {

AccountEntry entry_of(const JsonValue& account) {
  return {std::string(text_member(account, "reference")), to_text(account)};
}

AccountEntry entry_of(const std::string& reference) {
  return {reference, R"({"reference":")" + reference + "\"}"};
}

void sort_members(JsonValue& value) {
  if (value.IsArray()) {
    for (JsonValue& element : value.GetArray()) sort_members(element);
  } else if (value.IsObject()) {
    std::sort(value.MemberBegin(), value.MemberEnd(),
              [](const auto& a, const auto& b) { return text_of(a.name) < text_of(b.name); });
    for (auto& each : value.GetObject()) sort_members(each.value);
  }
}

}  // namespace

AccountEntries entries_of(const JsonValue& resource) {
  AccountEntries entries;
  const JsonValue* meta = member(resource, "meta");
  const JsonValue* accounts = meta ? member(*meta, "accounts") : nullptr;
  const JsonValue* account = meta ? member(*meta, "account") : nullptr;
  if (accounts) {
    for (const JsonValue& each : accounts->GetArray()) entries.push_back(entry_of(each));
  }
  if (account != nullptr && !has(entries, std::string(text_member(*account, "reference")))) {
    entries.insert(entries.begin(), entry_of(*account));
  }
  return entries;
}

bool stored_properly(const JsonValue& resource, const AccountEntries& entries) {
  const JsonValue* meta = member(resource, "meta");
  const JsonValue* accounts = meta ? member(*meta, "accounts") : nullptr;
  const JsonValue* account = meta ? member(*meta, "account") : nullptr;
  if (entries.empty()) return accounts == nullptr && account == nullptr;
  return accounts != nullptr && accounts->Size() == entries.size() && account != nullptr &&
         entry_of(*account) == entries.front();
}

bool has(const AccountEntries& entries, const std::string& reference) {
  return std::ranges::find(entries, reference, &AccountEntry::reference) != entries.end();
}

AccountEntries on_target(const AccountEntries& current, const std::vector<std::string>& requested) {
  AccountEntries result;
  for (const std::string& reference : requested) {
    if (has(result, reference)) continue;
    const auto known = std::ranges::find(current, reference, &AccountEntry::reference);
    result.push_back(known == current.end() ? entry_of(reference) : *known);
  }
  return result;
}

AccountEntries on_member(const AccountEntries& current, const std::set<std::string>& removed,
                         const std::vector<std::string>& requested) {
  AccountEntries result;
  std::set<std::string> present;
  for (const AccountEntry& entry : current) {
    if (removed.contains(entry.reference)) continue;
    present.insert(entry.reference);
    result.push_back(entry);
  }
  for (const std::string& reference : requested) {
    if (present.insert(reference).second) result.push_back(entry_of(reference));
  }
  return result;
}

std::string remainder(std::string_view resource) {
  Json copy = parsed(resource);
  if (JsonValue* meta = member(copy, "meta")) {
    for (const char* name : {"accounts", "account", "versionId", "lastUpdated", "author", "compartment"}) {
      remove_member(*meta, name);
    }
  }
  sort_members(copy);
  return to_text(copy);
}

std::string shown(const AccountEntries& entries) {
  std::string text;
  for (const AccountEntry& entry : entries) text += (text.empty() ? "" : " ") + entry.json;
  return text.empty() ? "none" : text;
}

}  // namespace sandbox
