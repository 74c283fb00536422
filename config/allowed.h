#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "config/bad_usage.h"
#include "config/duration.h"
#include "config/whole_number.h"

namespace config {

/// What CLI11 may take for a command's own arguments, refused in the same words as settings are.

inline CLI::Validator allow_whole_numbers(std::int64_t least, std::int64_t most) {
  const auto check = [least, most](const std::string& text) {
    return parse_whole_number(text, least, most) ? std::string() : not_allowed(text, range_of_numbers(least, most));
  };
  return {check, "", ""};
}

inline CLI::Validator allow_durations() {
  const auto check = [](const std::string& text) {
    const std::string allowed = "a duration such as " + std::string(duration_examples);
    return parse_duration(text) ? std::string() : not_allowed(text, allowed);
  };
  return {check, "", ""};
}

/// Its name is the words, with blanks between them: from there the manual and the completion have them.
inline CLI::Validator allow_words(std::vector<std::string> words) {
  std::string all_words;
  for (const std::string& word : words) all_words.append(all_words.empty() ? "" : " ").append(word);
  const auto check = [words = std::move(words)](const std::string& text) {
    std::string allowed;
    for (const std::string& word : words) {
      if (word == text) return std::string();
      allowed.append(allowed.empty() ? "" : " or ").append(word);
    }
    return not_allowed(text, allowed);
  };
  return {check, "", all_words};
}

inline CLI::Validator allow_filled() {
  return {[](const std::string& text) { return text.empty() ? not_allowed(text, "a text that is not empty") : ""; }, "",
          ""};
}

}  // namespace config
