#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rapidjson/document.h>

namespace sandbox {

using Json = rapidjson::Document;
using JsonValue = rapidjson::Value;
using JsonAllocator = Json::AllocatorType;

/// Nothing if the text is not JSON in valid UTF-8.
std::optional<Json> parse(std::string_view text);
/// For JSON of our own making; throws std::invalid_argument with where and why.
Json parsed(std::string_view text);
std::string to_text(const JsonValue& value);
Json copy_of(const JsonValue& value);

std::string_view text_of(const JsonValue& value);
JsonValue text_value(std::string_view text, JsonAllocator& allocator);

/// The member of an object, or null if it has none or this is no object.
const JsonValue* member(const JsonValue& object, std::string_view name);
JsonValue* member(JsonValue& object, std::string_view name);
/// A member that is a string; empty if it is absent or something else.
std::string_view text_member(const JsonValue& object, std::string_view name);

void set_member(JsonValue& object, std::string_view name, JsonValue value, JsonAllocator& allocator);
void remove_member(JsonValue& object, std::string_view name);

/// Calls `visit(text)` for every `reference` string at any depth.
template <class Visit>
void for_each_reference(const JsonValue& value, const Visit& visit) {
  if (value.IsArray()) {
    for (const JsonValue& element : value.GetArray()) for_each_reference(element, visit);
  } else if (value.IsObject()) {
    for (const auto& each : value.GetObject()) {
      if (each.value.IsString() && text_of(each.name) == "reference") visit(text_of(each.value));
      for_each_reference(each.value, visit);
    }
  }
}

/// Replaces reference strings at any depth by what `replacement(text)` returns.
template <class Replacement>
void rewrite_references(JsonValue& value, const Replacement& replacement, JsonAllocator& allocator) {
  if (value.IsArray()) {
    for (JsonValue& element : value.GetArray()) rewrite_references(element, replacement, allocator);
  } else if (value.IsObject()) {
    for (auto& each : value.GetObject()) {
      if (each.value.IsString() && text_of(each.name) == "reference") {
        each.value = text_value(replacement(text_of(each.value)), allocator);
      }
      rewrite_references(each.value, replacement, allocator);
    }
  }
}

}  // namespace sandbox
