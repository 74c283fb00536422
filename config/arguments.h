#pragma once

#include <map>
#include <string>

#include "config/commands.h"

namespace config {

/// What stands on the command line, before environment and file are looked at.
struct Typed {
  Command command;
  std::map<std::string, std::string, std::less<>> flags;  ///< settings given as flags, by name
  std::string config_file;
};

/// The one place where CLI11 reads: commands with their arguments, and of every option of the table the flag. Throws
/// BadUsage.
Typed read_arguments(int argc, const char* const* argv);

}  // namespace config
