#include "sandbox/json.h"

#include <stdexcept>

#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace sandbox {
namespace {

constexpr unsigned parse_flags = rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag;

JsonValue name_of(std::string_view name) {
  return JsonValue(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size())));
}

}  // namespace

std::optional<Json> parse(std::string_view text) {
  Json document;
  document.Parse<parse_flags>(text.data(), text.size());
  if (document.HasParseError()) return std::nullopt;
  return document;
}

Json parsed(std::string_view text) {
  Json document;
  document.Parse<parse_flags>(text.data(), text.size());
  if (document.HasParseError()) {
    throw std::invalid_argument(std::string("not JSON at byte ") + std::to_string(document.GetErrorOffset()) + ": " +
                                rapidjson::GetParseError_En(document.GetParseError()));
  }
  return document;
}

std::string to_text(const JsonValue& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

Json copy_of(const JsonValue& value) {
  Json copy;
  copy.CopyFrom(value, copy.GetAllocator());
  return copy;
}

std::string_view text_of(const JsonValue& value) {
  return value.IsString() ? std::string_view(value.GetString(), value.GetStringLength()) : std::string_view();
}

JsonValue text_value(std::string_view text, JsonAllocator& allocator) {
  return {text.data(), static_cast<rapidjson::SizeType>(text.size()), allocator};
}

const JsonValue* member(const JsonValue& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name_of(name));
  return found == object.MemberEnd() ? nullptr : &found->value;
}

JsonValue* member(JsonValue& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name_of(name));
  return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string_view text_member(const JsonValue& object, std::string_view name) {
  const JsonValue* found = member(object, name);
  return found ? text_of(*found) : std::string_view();
}

void set_member(JsonValue& object, std::string_view name, JsonValue value, JsonAllocator& allocator) {
  if (JsonValue* found = member(object, name)) {
    *found = value;
  } else {
    object.AddMember(text_value(name, allocator), value, allocator);
  }
}

void remove_member(JsonValue& object, std::string_view name) {
  if (!object.IsObject()) return;
  const auto found = object.FindMember(name_of(name));
  if (found != object.MemberEnd()) object.EraseMember(found);
}

}  // namespace sandbox
