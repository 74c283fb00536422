#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <rapidjson/encodings.h>
#include <rapidjson/stream.h>

#include "fhir/plain_text.h"

namespace fhir {

/// A text that is read in situ and followed by `plain_text_padding` NULs. RapidJSON makes a copy of a stream of its own
/// for each string and number, and writes it back; a type that it does not know it uses where it is.
struct TextInSitu : rapidjson::InsituStringStream {
  using rapidjson::InsituStringStream::GenericInsituStringStream;
};

/// Passes all on. Of a number in situ RapidJSON tells where its stream stands: before the number if it took a copy to
/// read it, behind it if not.
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

/// UTF-8 as RapidJSON checks it, but plain text is taken as one run instead of a character at a time.
struct RunByRun : rapidjson::UTF8<> {
  static bool Validate(TextInSitu& in, TextInSitu& out) {
    const char* end = end_of_plain_text(in.src_);
    if (end == in.src_) return rapidjson::UTF8<>::Validate(in, out);
    const auto size = static_cast<std::size_t>(end - in.src_);
    // Behind an escape the text moves up.
    if (out.dst_ != in.src_) std::memmove(out.dst_, in.src_, size);
    out.dst_ += size;
    in.src_ += size;
    return true;
  }
  using rapidjson::UTF8<>::Validate;
};

}  // namespace fhir
