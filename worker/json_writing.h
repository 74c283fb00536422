#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "worker/printable.h"

namespace worker {

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

/// Whatever bytes it holds: JSON is valid UTF-8.
inline void write_text(JsonWriter& writer, std::string_view text) {
  const std::string valid = valid_utf8(text);
  writer.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
}

inline void write_member(JsonWriter& writer, const char* name, std::string_view text) {
  writer.Key(name);
  write_text(writer, text);
}
inline void write_member(JsonWriter& writer, const char* name, std::uint64_t number) {
  writer.Key(name);
  writer.Uint64(number);
}

inline std::string text_of(const rapidjson::StringBuffer& buffer) {
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace worker
