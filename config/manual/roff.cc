#include "config/manual/roff.h"

#include <array>
#include <cstdio>

namespace config::manual {
namespace {

std::size_t length_of_sequence(unsigned first) {
  if (first < 0xC0) return 1;
  if (first < 0xE0) return 2;
  return first < 0xF0 ? 3 : 4;
}

/// The character that begins at `at`, of well-formed UTF-8, and how many bytes it takes.
std::pair<unsigned, std::size_t> code_point(std::string_view text, std::size_t at) {
  const auto byte = [text](std::size_t place) { return static_cast<unsigned char>(text[place]); };
  const unsigned first = byte(at);
  const std::size_t length = length_of_sequence(first);
  unsigned value = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length && at + i < text.size(); ++i) value = value << 6 | (byte(at + i) & 0x3FU);
  return {value, length};
}

std::string escaped(unsigned character) {
  switch (character) {
    case '\\':
      return "\\e";
    case '-':
      return "\\-";
    case '\'':
      return "\\(aq";
    case '~':
      return "\\(ti";
    case '^':
      return "\\(ha";
    default:
      break;
  }
  if (character < 0x80) return {static_cast<char>(character)};
  std::array<char, 16> code{};
  std::snprintf(code.data(), code.size(), "\\[u%04X]", character);
  return code.data();
}

}  // namespace

std::string roff(std::string_view text) {
  std::string out;
  if (text.starts_with('.')) out += "\\&";
  bool quoted = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto [character, length] = code_point(text, at);
    at += length;
    if (character == '`') {
      quoted = !quoted;
      out += quoted ? "\\fB" : "\\fR";
    } else {
      out += escaped(character);
    }
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + roff(text) + "\\fR";
}

}  // namespace config::manual
