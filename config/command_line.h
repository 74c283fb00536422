#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/bad_usage.h"
#include "config/commands.h"
#include "config/settings.h"

namespace config {

/// What of the process decides besides its arguments.
struct Environment {
  std::function<std::optional<std::string>(const std::string& name)> variable;
  bool terminal = false;  ///< whether stderr is one: logs are text there

  static Environment of_this_process();
};

/// A setting that the command looks at, for `check`.
struct SettingInForce {
  std::string name;
  std::string value;   ///< never a secret
  std::string source;  ///< `flag`, the variable's name, `file FILE`, `credential`, or `default`
};

struct Invocation {
  Command command;
  Settings settings;
  std::vector<SettingInForce> in_force;
  std::string config_file;  ///< that was read; empty: none
};

/// Reads the command line, the environment and the file; throws BadUsage. Flags win over the environment, the
/// environment over the file, the file over systemd's credentials.
Invocation parse(int argc, const char* const* argv, const Environment& environment);

}  // namespace config
