#pragma once

#include <optional>
#include <string_view>

#include "fhir/plain_text.h"

namespace fhir {

/// What a Reference says that is written as most are: `{"reference":"Type/id"}`, no other member, no blank, no escape.
/// `inside` is what stands behind the opening bracket, in a text with `plain_text_padding`; the closing one is the
/// second character behind the answer.
inline std::optional<std::string_view> bare_reference(const char* inside) {
  constexpr std::string_view member = R"("reference":")";
  for (const char c : member)
    if (*inside++ != c) return std::nullopt;
  const char* end = end_of_plain_text(inside);
  if (end[0] != '"' || end[1] != '}') return std::nullopt;
  return std::string_view(inside, end);
}

}  // namespace fhir
