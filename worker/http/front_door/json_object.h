#pragma once

#include <string>
#include <string_view>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "worker/printable.h"

namespace worker::http::front_door {

/// Writes one JSON object; the braces are its own.
class JsonObject {
 public:
  JsonObject() { writer_.StartObject(); }

  /// What comes from elsewhere may be no UTF-8: it is made so.
  JsonObject& add(std::string_view name, std::string_view value) { return key(name).text(valid_utf8(value)); }
  JsonObject& add(std::string_view name, bool value) {
    key(name).writer_.Bool(value);
    return *this;
  }
  JsonObject& add_number(std::string_view name, std::int64_t value) {
    key(name).writer_.Int64(value);
    return *this;
  }
  /// JSON as it is.
  JsonObject& add_json(std::string_view name, std::string_view json) {
    key(name).writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    return *this;
  }
  std::string take() {
    writer_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

 private:
  JsonObject& key(std::string_view name) {
    writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    return *this;
  }
  JsonObject& text(std::string_view value) {
    writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    return *this;
  }

  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

/// A JSON array of what is JSON already.
template <class Texts>
std::string json_list(const Texts& texts) {
  std::string list = "[";
  for (const auto& text : texts) list.append(list.size() > 1 ? "," : "").append(text);
  return list + "]";
}

}  // namespace worker::http::front_door
