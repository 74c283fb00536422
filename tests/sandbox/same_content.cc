#include "sandbox/same_content.h"

namespace sandbox {
namespace {

bool is_empty(const JsonValue* value) {
  if (!value || value->IsNull()) return true;
  if (value->IsString()) return value->GetStringLength() == 0;
  if (value->IsArray()) return value->Empty();
  return value->IsObject() && value->ObjectEmpty();
}

bool is_set_by_server(std::string_view name) {
  return name == "versionId" || name == "lastUpdated" || name == "author";
}

enum class Where { resource, meta, deeper };

bool same(const JsonValue* a, const JsonValue* b, Where where);

bool same_members(const JsonValue& a, const JsonValue& b, Where where) {
  for (const auto& each : a.GetObject()) {
    const std::string_view name = text_of(each.name);
    if (where == Where::meta && is_set_by_server(name)) continue;
    const Where below = where == Where::resource && name == "meta" ? Where::meta : Where::deeper;
    if (!same(&each.value, member(b, name), below)) return false;
  }
  return true;
}

bool same(const JsonValue* a, const JsonValue* b, Where where) {
  if (is_empty(a) || is_empty(b)) return is_empty(a) && is_empty(b);
  if (a->IsObject() && b->IsObject()) return same_members(*a, *b, where) && same_members(*b, *a, where);
  if (!a->IsArray() || !b->IsArray()) return *a == *b;
  if (a->Size() != b->Size()) return false;
  for (rapidjson::SizeType i = 0; i < a->Size(); ++i) {
    if (!same(&(*a)[i], &(*b)[i], Where::deeper)) return false;
  }
  return true;
}

}  // namespace

bool same_content(const JsonValue& before, const JsonValue& after) {
  return same(&before, &after, Where::resource);
}

}  // namespace sandbox
