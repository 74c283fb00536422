#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/values.h"

namespace config {

/// Which commands an option has an effect on, the wider circle first.
enum class Audience { every_command, worker_and_check, worker };

/// One setting: flag `--name`, environment variable SET_ACCOUNTS_NAME, key `name` in the file.
struct Option {
  std::string_view name;
  std::string_view value_name;  ///< what --help shows for the value; empty: a flag without one
  std::string_view help;
  std::string_view group;
  Audience audience;
  Kind kind;
  bool only_from_environment = false;  ///< a secret: no flag, since process lists show flags, and not in the file
  bool rarely_needed = false;          ///< not in the help of the small commands
  bool says_default = false;           ///< its help names the default, which depends
};

/// Whether a command of that audience looks at the option.
inline bool concerns(const Option& option, Audience audience) {
  return option.audience <= audience;
}

/// The one table of all settings.
const std::vector<Option>& options();

/// `page-size` → `SET_ACCOUNTS_PAGE_SIZE`.
std::string variable_of(std::string_view name);

}  // namespace config
