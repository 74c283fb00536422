#include "fhir/reference.h"

#include <array>

namespace fhir {

namespace {

constexpr std::size_t longest_name = 64;

constexpr bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_letter(char c) {
  return is_capital(c) || (c >= 'a' && c <= 'z');
}
constexpr bool is_id_character(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/// Answers for every byte, because ids are looked at by the million.
template <bool (*Is)(char)>
bool all(std::string_view text) {
  static constexpr auto answers = [] {
    std::array<bool, 256> table{};
    for (std::size_t byte = 0; byte < table.size(); ++byte) table[byte] = Is(static_cast<char>(byte));
    return table;
  }();
  bool is = true;
  for (const char c : text) is &= answers[static_cast<unsigned char>(c)];
  return is;
}

}  // namespace

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_name && text != "." && text != ".." && all<is_id_character>(text);
}

bool is_type(std::string_view text) {
  return !text.empty() && text.size() <= longest_name && is_capital(text.front()) && all<is_letter>(text);
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
