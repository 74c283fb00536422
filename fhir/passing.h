#pragma once

#include <cstdint>

#include <rapidjson/rapidjson.h>

namespace fhir {

/// Passes RapidJSON's events on, those of a TextInSitu. Of a number in situ RapidJSON tells where its stream stands:
/// before the number if it took a copy to read it, behind it if not.
template <class Handler>
struct Passing {
  using Ch = char;
  bool Null() { return handler.Null(); }
  bool Bool(bool value) { return handler.Bool(value); }
  bool Int(int) { return false; }  // All numbers come raw.
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const char* end, rapidjson::SizeType size, bool copy) {
    return handler.RawNumber(end - size, size, copy);
  }
  bool String(const char* text, rapidjson::SizeType size, bool copy) { return handler.String(text, size, copy); }
  bool Key(const char* name, rapidjson::SizeType size, bool copy) { return handler.Key(name, size, copy); }
  bool StartObject() { return handler.StartObject(); }
  bool EndObject(rapidjson::SizeType members) { return handler.EndObject(members); }
  bool StartArray() { return handler.StartArray(); }
  bool EndArray(rapidjson::SizeType elements) { return handler.EndArray(elements); }

  Handler& handler;
};

}  // namespace fhir
