#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/command_line.h"
#include "config/options.h"

namespace config {

using TextByName = std::map<std::string, std::string, std::less<>>;

/// Where settings may come from, the stronger first.
struct Sources {
  TextByName flags;
  const Environment& environment;
  TextByName file;
  std::string file_name;
};

/// Of every option that a command of `audience` looks at: its value, and where it came from. Throws BadUsage for a
/// value that is not allowed, for keys of the file that no option has, and for options that do not go together.
struct Resolved {
  Settings settings;
  std::vector<SettingInForce> in_force;
};
Resolved resolve(const Sources& sources, Audience audience);

}  // namespace config
