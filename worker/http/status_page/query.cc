#include "worker/http/status_page/query.h"

#include <charconv>

namespace worker::http {
namespace {

std::optional<char> octet_of(std::string_view digits) {
  unsigned char octet = 0;
  if (digits.size() != 2) return std::nullopt;
  const auto read = std::from_chars(digits.data(), digits.data() + 2, octet, 16);
  if (read.ec != std::errc() || read.ptr != digits.data() + 2) return std::nullopt;
  return static_cast<char>(octet);
}

std::optional<std::string> decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const auto octet = octet_of(text.substr(i + 1, 2));
      if (!octet) return std::nullopt;
      plain += *octet;
      i += 2;
    } else {
      plain += text[i] == '+' ? ' ' : text[i];
    }
  }
  return plain;
}

}  // namespace

std::optional<std::string> parameter_of(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (decoded(pair.substr(0, equals)) != std::string(name)) continue;
    return decoded(pair.substr(std::min(pair.size(), equals + 1)));
  }
  return std::nullopt;
}

}  // namespace worker::http
