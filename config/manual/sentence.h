#pragma once

#include <algorithm>
#include <cctype>
#include <string>

namespace config::manual {

/// A fragment of --help as a sentence: a capital, unless it begins with something that is typed, and a full stop.
inline std::string as_sentence(std::string fragment) {
  const auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0 || c == ','; };
  const bool begins_with_a_word = std::all_of(fragment.begin(), std::ranges::find(fragment, ' '), is_letter);
  if (begins_with_a_word && !fragment.empty())
    fragment.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(fragment.front())));
  return fragment.ends_with('.') ? fragment : fragment + '.';
}

}  // namespace config::manual
