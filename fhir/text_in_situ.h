#pragma once

#include <cstddef>
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
