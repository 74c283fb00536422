#pragma once

#include <CLI/CLI.hpp>

#include "config/arguments.h"

namespace config {

/// Each command's arguments, filled by CLI11 while it reads.
struct Commands {
  Enqueue enqueue;
  Status status;
  Jobs jobs;
  Cancel cancel;
  Retry retry;
  Owed owed;
};

/// Declares the program and every command: name, arguments, help and example. When CLI11 has read one, it is in
/// `typed.command`. Both outlive the parse.
void declare_program(CLI::App& app, Commands& commands, Typed& typed);

}  // namespace config
