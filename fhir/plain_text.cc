#include "fhir/plain_text.h"

namespace fhir {

namespace {

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

const char* end_of_character(const char* at) {
  const auto first = static_cast<unsigned char>(at[0]), second = static_cast<unsigned char>(at[1]);
  if (first < 0xC2 || first > 0xF4 || !continues(at[1])) return nullptr;
  if (first < 0xE0) return at + 2;
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || !continues(at[2])) return nullptr;
  if (first < 0xF0) return at + 3;
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F) || !continues(at[3])) return nullptr;
  return at + 4;
}

}  // namespace fhir
