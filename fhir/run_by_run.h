#pragma once

#include <cstddef>
#include <cstring>

#include <rapidjson/encodings.h>
#include <rapidjson/stream.h>

#include "fhir/plain_text.h"

namespace fhir {

/// UTF-8 as RapidJSON checks it, but what is plain ASCII is taken as one run instead of a character at a time: for
/// texts read in situ and followed by `plain_text_padding` NULs.
struct RunByRun : rapidjson::UTF8<> {
  using rapidjson::UTF8<>::Validate;
  static bool Validate(rapidjson::InsituStringStream& in, rapidjson::InsituStringStream& out) {
    const char* end = end_of_plain_text(in.src_);
    if (end == in.src_) return rapidjson::UTF8<>::Validate(in, out);
    const auto size = static_cast<std::size_t>(end - in.src_);
    // Behind an escape the text moves up.
    if (out.dst_ != in.src_) std::memmove(out.dst_, in.src_, size);
    out.dst_ += size;
    in.src_ += size;
    return true;
  }
};

}  // namespace fhir
