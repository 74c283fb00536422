#include "sandbox/query.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace sandbox {
namespace {

template <class Use>
void split(std::string_view text, char separator, const Use& use) {
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    if (end != 0) use(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<std::string> Query::get(std::string_view name) const {
  const auto found = std::ranges::find(parameters, name, [](const auto& each) -> const auto& { return each.first; });
  if (found == parameters.end()) return std::nullopt;
  return found->second;
}

std::string Query::get_or(std::string_view name, std::string_view otherwise) const {
  return get(name).value_or(std::string(otherwise));
}

std::vector<std::string> Query::list(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [each, value] : parameters) {
    if (each == name) split(value, ',', [&](std::string_view part) { values.emplace_back(part); });
  }
  return values;
}

Query parse_query(std::string_view text) {
  Query query;
  split(text, '&', [&](std::string_view pair) {
    const std::size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    query.parameters.emplace_back(percent_decoded(pair.substr(0, equals)), percent_decoded(value));
  });
  return query;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char value = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && text.size() - i > 2 && std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      decoded += static_cast<char>(value);
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~' || c == '$') {
      encoded += c;
    } else {
      encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return encoded;
}

std::string to_text(const Query& query) {
  std::string text;
  for (const auto& [name, value] : query.parameters) {
    if (!text.empty()) text += '&';
    text += percent_encoded(name) + "=" + percent_encoded(value);
  }
  return text;
}

}  // namespace sandbox
