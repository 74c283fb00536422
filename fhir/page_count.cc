#include "fhir/page_count.h"

#include <algorithm>
#include <charconv>

namespace fhir {

std::optional<std::string> with_half_the_count(const std::string& path) {
  constexpr std::string_view name = "_count=";
  const std::size_t at = path.find(name);
  if (at == std::string::npos || at == 0 || (path[at - 1] != '?' && path[at - 1] != '&')) return std::nullopt;
  const char* const begin = path.data() + at + name.size();
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(begin, path.data() + path.size(), count);
  if (error != std::errc() || count <= fewest_of_a_page) return std::nullopt;
  const std::size_t half = std::max(count / 2, fewest_of_a_page);
  return path.substr(0, at + name.size()) + std::to_string(half) + std::string(end, path.data() + path.size());
}

}  // namespace fhir
