#pragma once

#include <map>
#include <string>
#include <string_view>

namespace config {

/// Keys and their values as text, of a TOML file (1.0) with nothing but `key = value`: strings on one line, whole
/// numbers, booleans, comments. Throws BadUsage with the file, the line and what is wrong.
///
/// CLI11 2.1 reads TOML too, but cuts a quoted string at a `#` and keeps the first of two equal keys: half a password
/// would be taken for the whole one.
std::map<std::string, std::string, std::less<>> read_config_file(const std::string& path);

/// The same from text; `name` is for messages.
std::map<std::string, std::string, std::less<>> parse_config(std::string_view text, const std::string& name);

}  // namespace config
