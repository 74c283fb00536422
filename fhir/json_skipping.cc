#include "fhir/json_skipping.h"

#include <cstdint>
#include <string_view>

#include "fhir/plain_text.h"

namespace fhir {

namespace {

// Each takes the place where something begins and gives the one behind it, or null.
const char* skip_value(const char* at, std::size_t depth);

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

const char* skip_blanks(const char* at) {
  while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t') ++at;
  return at;
}

const char* skip_escape(const char* at) {
  switch (at[1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return at + 2;
    case 'u':
      return is_hex(at[2]) && is_hex(at[3]) && is_hex(at[4]) && is_hex(at[5]) ? at + 6 : nullptr;
    default:
      return nullptr;
  }
}

const char* skip_string(const char* at) {
  if (*at != '"') return nullptr;
  ++at;
  for (;;) {
    at = end_of_plain_text(at);
    if (*at == '"') return at + 1;
    if (*at != '\\') return nullptr;
    at = skip_escape(at);
    if (at == nullptr) return nullptr;
  }
}

const char* skip_digits(const char* at) {
  while (is_digit(*at)) ++at;
  return at;
}

/// RapidJSON refuses numbers that no double can hold: these stay far below.
bool is_modest(std::ptrdiff_t digits, std::ptrdiff_t exponent_digits) {
  return digits <= 200 && exponent_digits <= 2;
}

const char* skip_number(const char* begin) {
  const char* at = *begin == '-' ? begin + 1 : begin;
  if (!is_digit(*at)) return nullptr;
  at = *at == '0' ? at + 1 : skip_digits(at);
  if (*at == '.') {
    if (!is_digit(*++at)) return nullptr;
    at = skip_digits(at);
  }
  const std::ptrdiff_t digits = at - begin;
  std::ptrdiff_t exponent_digits = 0;
  if (*at == 'e' || *at == 'E') {
    ++at;
    if (*at == '+' || *at == '-') ++at;
    const char* exponent = at;
    at = skip_digits(at);
    exponent_digits = at - exponent;
    if (exponent_digits == 0) return nullptr;
  }
  return is_modest(digits, exponent_digits) ? at : nullptr;
}

const char* skip_word(const char* at, std::string_view word) {
  for (const char c : word)
    if (*at++ != c) return nullptr;
  return at;
}

const char* past(const char* bracket) {
  return bracket == nullptr ? nullptr : bracket + 1;
}

const char* skip_value(const char* at, std::size_t depth) {
  switch (*at) {
    case '"':
      return skip_string(at);
    case '{':
      return depth == 0 ? nullptr : past(end_of_object(at + 1, depth - 1));
    case '[':
      return depth == 0 ? nullptr : past(end_of_array(at + 1, depth - 1));
    case 't':
      return skip_word(at, "true");
    case 'f':
      return skip_word(at, "false");
    case 'n':
      return skip_word(at, "null");
    default:
      return skip_number(at);
  }
}

const char* skip_member(const char* at, std::size_t depth) {
  at = skip_string(at);
  if (at == nullptr) return nullptr;
  at = skip_blanks(at);
  return *at == ':' ? skip_value(skip_blanks(at + 1), depth) : nullptr;
}

template <class Skip>
const char* end_of_list(const char* at, char closing, Skip skip) {
  at = skip_blanks(at);
  if (*at == closing) return at;
  for (;;) {
    at = skip(at);
    if (at == nullptr) return nullptr;
    at = skip_blanks(at);
    if (*at == closing) return at;
    if (*at != ',') return nullptr;
    at = skip_blanks(at + 1);
  }
}

}  // namespace

const char* end_of_object(const char* inside, std::size_t depth) {
  return end_of_list(inside, '}', [depth](const char* at) { return skip_member(at, depth); });
}

const char* end_of_array(const char* inside, std::size_t depth) {
  return end_of_list(inside, ']', [depth](const char* at) { return skip_value(at, depth); });
}

}  // namespace fhir
