#pragma once

#include <string>
#include <vector>

#include "sandbox/seeding.h"
#include "sandbox/server_options.h"

namespace sandbox {

struct CommandLine {
  ServerOptions server;
  std::vector<Seeding> seedings;     ///< one for each --seed-patient
  std::vector<std::string> bundles;  ///< Synthea files, .json or .json.gz
  std::string port_file;
  std::vector<std::string> faults;  ///< as the query of POST /sandbox/fault
};

/// Nothing: the program is to end with `exit_code`; what there is to say was said.
bool parse_command_line(int argc, const char* const* argv, CommandLine& line, int& exit_code);

}  // namespace sandbox
