#include "config/manual/commented_file.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "config/manual/about_settings.h"
#include "config/manual/outline.h"
#include "config/manual/sentence.h"
#include "config/whole_number.h"

namespace config::manual {
namespace {

constexpr std::string_view head =
    "# Settings of set-accounts, all of them with their defaults, commented out. The worker needs fhir-url and a "
    "login; the\n"
    "# rest will do for a beginning. set-accounts.toml(5) says the same, with more about the format.\n"
    "#\n"
    "# Everybody may read this file: secrets belong into /etc/set-accounts/credentials/, a file each, where the "
    "service finds\n"
    "# them without a line here (client-secret, token, redis-password …).\n"
    "#\n"
    "# After a change: systemctl reload set-accounts takes over what can change while it runs, systemctl restart "
    "everything.\n";

constexpr std::size_t width = 120;

/// As comment lines, broken between words.
std::string comment(const std::string& text) {
  std::string lines;
  std::string line = "#";
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (line.size() + 1 + word.size() > width) lines += std::exchange(line, "#") + '\n';
    line += ' ' + word;
  }
  return lines + line + '\n';
}

std::string without_backquotes(std::string text) {
  std::erase(text, '`');
  return text;
}

std::string value_in_file(const std::string& value) {
  const bool bare = value == "true" || value == "false" || parse_whole_number(value, INT64_MIN, INT64_MAX);
  return bare ? value : '"' + value + '"';
}

std::string lines_of(const Option& option) {
  const auto more = about_settings().find(option.name);
  const bool says_more = more != about_settings().end();
  const std::string otherwise = option.kind.show(Settings());
  std::string text = as_sentence(std::string(option.help));
  if (says_more) text += ' ' + without_backquotes(std::string(more->second.more));
  if (otherwise.empty()) text += says_more && !more->second.example.empty() ? " For example:" : " None by default.";
  const std::string value = otherwise.empty() && says_more ? std::string(more->second.example) : otherwise;
  return comment(text) + '#' + std::string(option.name) + " = " + value_in_file(value) + "\n";
}

}  // namespace

std::string commented_file() {
  std::string text(head);
  std::string_view group;
  for (const Option& option : options()) {
    if (option.only_from_environment) continue;
    if (option.group != group) text += "\n### " + std::string(group = option.group) + "\n\n";
    text += lines_of(option) + '\n';
  }
  text.pop_back();
  return text;
}

}  // namespace config::manual
