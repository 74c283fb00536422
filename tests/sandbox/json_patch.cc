#include "sandbox/json_patch.h"

#include <charconv>
#include <vector>

namespace sandbox {
namespace {

struct Place {
  JsonValue* parent = nullptr;  ///< null: there is nothing to hold it
  JsonValue* value = nullptr;   ///< null: absent
  std::string key;
};

std::optional<rapidjson::SizeType> index_of(std::string_view key, rapidjson::SizeType limit) {
  rapidjson::SizeType index = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (error != std::errc() || end != key.data() + key.size() || index >= limit) return std::nullopt;
  return index;
}

JsonValue* child(JsonValue* parent, std::string_view key) {
  if (!parent || !parent->IsArray()) return parent ? member(*parent, key) : nullptr;
  const auto index = index_of(key, parent->Size());
  return index ? &(*parent)[*index] : nullptr;
}

std::string unescaped(std::string_view token) {
  std::string key;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size();
    if (escape) ++i;
    const char escaped = token[i] == '1' ? '/' : '~';
    key += escape ? escaped : token[i];
  }
  return key;
}

Place place_of(Json& resource, std::string_view path) {
  Place place{nullptr, &resource, ""};
  while (!path.empty()) {
    const std::size_t slash = path.find('/', 1);
    const bool container = place.value != nullptr && (place.value->IsObject() || place.value->IsArray());
    place.parent = container ? place.value : nullptr;
    place.key = unescaped(path.substr(1, slash == std::string_view::npos ? slash : slash - 1));
    place.value = child(place.parent, place.key);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
  }
  return place;
}

/// As JavaScript puts a value into a text.
std::string shown(const JsonValue* value) {
  if (!value) return "undefined";
  if (value->IsString()) return std::string(text_of(*value));
  if (value->IsObject()) return "[object Object]";
  if (!value->IsArray()) return to_text(*value);
  std::string text;
  for (const JsonValue& element : value->GetArray()) {
    if (&element != value->Begin()) text += ',';
    text += element.IsNull() ? "" : shown(&element);
  }
  return text;
}

std::string missing(std::string_view path) {
  return "Value required at path: " + std::string(path);
}

std::optional<std::string> add_to_array(JsonValue& array, const std::string& key, JsonValue value, JsonAllocator& a) {
  const auto index = index_of(key, array.Size() + 1);
  if (key != "-" && !index) return "Invalid array index: " + key;
  const rapidjson::SizeType place = index.value_or(array.Size());
  array.PushBack(value, a);
  for (rapidjson::SizeType i = array.Size() - 1; i > place; --i) array[i].Swap(array[i - 1]);
  return std::nullopt;
}

std::optional<std::string> add(Json& resource, std::string_view path, const JsonValue& operand) {
  JsonAllocator& allocator = resource.GetAllocator();
  JsonValue value(operand, allocator);
  Place place = place_of(resource, path);
  if (!place.parent && place.key == "-") {
    const std::string_view array_path = path.substr(0, path.size() - 2);
    Place array = place_of(resource, array_path);
    if (!array.parent || array.value) return missing(path);
    if (auto failed = add(resource, array_path, JsonValue(rapidjson::kArrayType))) return failed;
    place = place_of(resource, path);
  }
  if (!place.parent) return missing(path);
  if (place.parent->IsArray()) return add_to_array(*place.parent, place.key, std::move(value), allocator);
  set_member(*place.parent, place.key, std::move(value), allocator);
  return std::nullopt;
}

std::optional<std::string> remove(Json& resource, std::string_view path) {
  const Place place = place_of(resource, path);
  if (!place.value || !place.parent) return missing(path);
  if (place.parent->IsArray()) {
    place.parent->Erase(place.value);
  } else {
    remove_member(*place.parent, place.key);
  }
  return std::nullopt;
}

std::optional<std::string> replace(Json& resource, std::string_view path, const JsonValue& operand) {
  const Place place = place_of(resource, path);
  if (!place.value || !place.parent) return missing(path);
  *place.value = JsonValue(operand, resource.GetAllocator());
  return std::nullopt;
}

std::optional<std::string> test(Json& resource, std::string_view path, const JsonValue* expected) {
  const Place place = place_of(resource, path);
  if (place.value && expected && *place.value == *expected) return std::nullopt;
  return "Test failed: " + shown(place.value) + " != " + shown(expected);
}

std::optional<std::string> copy(Json& resource, const JsonValue& operation, bool leave) {
  const std::string_view from = text_member(operation, "from");
  const Place source = place_of(resource, from);
  if (!source.value) return missing(from);
  const Json value = copy_of(*source.value);
  if (leave) remove(resource, from);
  return add(resource, text_member(operation, "path"), value);
}

std::optional<std::string> apply(Json& resource, const JsonValue& operation) {
  const std::string_view op = text_member(operation, "op");
  const std::string_view path = text_member(operation, "path");
  const JsonValue* value = member(operation, "value");
  if (!path.empty() && path[0] != '/') return "Invalid JSON Pointer: " + std::string(path);
  if (op == "test") return test(resource, path, value);
  if (op == "remove") return remove(resource, path);
  if (op == "copy" || op == "move") return copy(resource, operation, op == "move");
  if (op != "add" && op != "replace") return "Invalid operation: " + std::string(op);
  if (!value || value->IsNull()) return "Invalid null value";
  return op == "add" ? add(resource, path, *value) : replace(resource, path, *value);
}

}  // namespace

std::optional<std::string> apply_patch(Json& resource, const JsonValue& operations) {
  std::optional<std::string> failures;
  for (const JsonValue& operation : operations.GetArray()) {
    const auto failure = apply(resource, operation);
    if (failure) failures = failures ? *failures + "\n" + *failure : *failure;
  }
  return failures;
}

}  // namespace sandbox
