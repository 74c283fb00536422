#include "fhir/lone_surrogates.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fhir {

namespace {

constexpr std::size_t escape_size = 6;

enum class Half : std::uint8_t { none, high, low };

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Which half of a pair the escape at `at` is, if it is one: \ud800 to \udbff, \udc00 to \udfff.
Half half_at(std::string_view json, std::size_t at) {
  if (at > json.size() || json.size() - at < escape_size) return Half::none;
  const std::string_view escape = json.substr(at, escape_size);
  if (!escape.starts_with("\\u") || (escape[2] != 'd' && escape[2] != 'D')) return Half::none;
  if (!is_hex_digit(escape[3]) || !is_hex_digit(escape[4]) || !is_hex_digit(escape[5]) || escape[3] < '8')
    return Half::none;
  const bool low = (escape[3] | 0x20) >= 'c';
  return low ? Half::low : Half::high;
}

}  // namespace

void replace_lone_surrogates(std::string& json) {
  for (std::size_t at = json.find('\\'); at != std::string::npos; at = json.find('\\', at)) {
    const Half half = half_at(json, at);
    if (half == Half::none) {
      at += 2;  // the backslash and what it escapes, a backslash perhaps
    } else if (half == Half::high && half_at(json, at + escape_size) == Half::low) {
      at += 2 * escape_size;
    } else {
      json.replace(at, escape_size, "\\ufffd");
      at += escape_size;
    }
  }
}

}  // namespace fhir
