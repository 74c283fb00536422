#pragma once

#include <string>
#include <vector>

#include "config/options.h"

namespace config::manual {

/// A command's own argument, as --help knows it.
struct Argument {
  std::string names;       ///< `--watch`, or `JOB` for one without dashes
  std::string value_name;  ///< empty: takes no value
  std::string help;
  std::vector<std::string> choices;  ///< all that is allowed, where that is a few words
  bool positional = false;
  bool required = false;
  bool repeated = false;
};

struct CommandOutline {
  std::string name;
  std::string what;     ///< one sentence
  std::string example;  ///< a whole command line
  std::vector<Argument> arguments;
  std::vector<const Option*> settings;  ///< that it takes as flags, in the table's order
};

/// What the command line is made of, read from the very declarations that parse it.
struct Outline {
  std::string what;
  std::string version;
  std::vector<Argument> arguments;
  std::vector<CommandOutline> commands;
};

Outline outline();

/// The setting's value when nobody says anything; empty: none.
std::string default_of(const Option& option);

}  // namespace config::manual
