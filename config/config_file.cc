#include "config/config_file.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "config/bad_usage.h"
#include "config/whole_number.h"

namespace config {
namespace {

constexpr std::size_t longest_file = 1'000'000;

/// What stands before the reader in one line. Its functions take off what they read and throw the reason as BadUsage,
/// without the place.
struct Line {
  std::string_view rest;

  void skip_blanks() { rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r"), rest.size())); }
  bool is_over() {
    skip_blanks();
    return rest.empty() || rest.front() == '#';
  }
  bool take(char c) {
    skip_blanks();
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  std::string_view take_bare() {
    std::size_t length = 0;
    while (length < rest.size() && (std::isalnum(static_cast<unsigned char>(rest[length])) != 0 ||
                                    rest[length] == '-' || rest[length] == '_' || rest[length] == '+'))
      ++length;
    const std::string_view bare = rest.substr(0, length);
    rest.remove_prefix(length);
    return bare;
  }
};

char unescaped(char c) {
  switch (c) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    default:
      throw BadUsage(R"(a text in " " knows only the escapes \" \\ \t \n \r; one in ' ' takes all as it is)");
  }
}

std::string take_string(Line& line, char quote) {
  std::string value;
  while (!line.rest.empty() && line.rest.front() != quote) {
    const bool escape = quote == '"' && line.rest.front() == '\\' && line.rest.size() > 1;
    value += escape ? unescaped(line.rest[1]) : line.rest.front();
    line.rest.remove_prefix(escape ? 2 : 1);
  }
  if (!line.take(quote)) throw BadUsage("the text's closing quote is missing");
  return value;
}

std::string take_value(Line& line) {
  if (line.take('"')) return take_string(line, '"');
  if (line.take('\'')) return take_string(line, '\'');
  const std::string_view bare = line.take_bare();
  const bool plain = bare == "true" || bare == "false" || parse_whole_number(bare, INT64_MIN, INT64_MAX);
  if (!plain) throw BadUsage("a value is a text in quotes, a whole number, true or false");
  return std::string(bare);
}

void read_line(Line line, std::map<std::string, std::string, std::less<>>& settings) {
  if (line.is_over()) return;
  if (line.rest.front() == '[') throw BadUsage("there are no sections; write key = value");
  const std::string key(line.take_bare());
  if (key.empty() || !line.take('=')) throw BadUsage("this is not key = value");
  line.skip_blanks();
  std::string value = take_value(line);
  if (!line.is_over()) throw BadUsage("something follows the value");
  if (!settings.emplace(key, std::move(value)).second) throw BadUsage(key + " is there twice");
}

}  // namespace

std::map<std::string, std::string, std::less<>> read_config_file(const std::string& path) {
  std::error_code no_such;
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path, no_such))
    throw BadUsage("--config: " + not_allowed(path, "a TOML file that exists and that this user may read"));
  std::string text(longest_file + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad()) throw BadUsage("--config: " + path + " cannot be read to its end");
  if (text.size() > longest_file) throw BadUsage("--config: " + path + " is longer than any settings: over 1 MB");
  return parse_config(text, path);
}

std::map<std::string, std::string, std::less<>> parse_config(std::string_view text, const std::string& name) {
  std::map<std::string, std::string, std::less<>> settings;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    try {
      read_line({text.substr(0, length)}, settings);
    } catch (const BadUsage& wrong) {
      throw BadUsage(name + " line " + std::to_string(number) + ": " + wrong.what());
    }
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return settings;
}

}  // namespace config
