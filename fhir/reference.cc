#include "fhir/reference.h"

#include <algorithm>

namespace fhir {

namespace {

constexpr std::size_t longest_name = 64;

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return is_capital(c) || (c >= 'a' && c <= 'z');
}
bool is_id_character(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

}  // namespace

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_name && text != "." && text != ".." &&
         std::ranges::all_of(text, is_id_character);
}

bool is_type(std::string_view text) {
  return !text.empty() && text.size() <= longest_name && is_capital(text.front()) &&
         std::ranges::all_of(text, is_letter);
}

std::optional<Reference> parse_reference(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto type = text.substr(0, slash);
  const auto id = text.substr(slash + 1);
  if (!is_type(type) || !is_id(id)) return std::nullopt;
  return Reference{std::string(type), std::string(id)};
}

}  // namespace fhir
