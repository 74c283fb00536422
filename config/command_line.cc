#include "config/command_line.h"

#include <cstdlib>
#include <sstream>
#include <unistd.h>

#include "config/arguments.h"
#include "config/config_file.h"
#include "config/options.h"
#include "config/resolve.h"

namespace config {
namespace {

Sources sources_of(Typed typed, const Environment& environment) {
  Sources sources{.flags = std::move(typed.flags), .environment = environment, .file = {}, .file_name = {}};
  sources.file_name = typed.config_file;
  if (sources.file_name.empty()) sources.file_name = environment.variable(variable_of("config")).value_or("");
  if (!sources.file_name.empty()) sources.file = read_config_file(sources.file_name);
  return sources;
}

/// Each command looks at the options of its own audience and of the wider ones.
Audience audience_of(const Command& command) {
  if (std::holds_alternative<Work>(command)) return Audience::worker;
  return std::holds_alternative<Check>(command) ? Audience::worker_and_check : Audience::every_command;
}

}  // namespace

Environment Environment::of_this_process() {
  return {.variable = [](const std::string& name) -> std::optional<std::string> {
            const char* value = std::getenv(name.c_str());
            if (value == nullptr) return std::nullopt;
            return value;
          },
          .terminal = isatty(STDERR_FILENO) == 1};
}

Invocation parse(int argc, const char* const* argv, const Environment& environment) {
  Typed typed = read_arguments(argc, argv);
  Command command = std::move(typed.command);
  if (std::holds_alternative<Answer>(command))
    return {.command = std::move(command), .settings = {}, .in_force = {}, .config_file = {}};

  const Audience audience = audience_of(command);
  Sources sources = sources_of(std::move(typed), environment);
  Resolved resolved = resolve(sources, audience);
  if (audience != Audience::every_command && resolved.settings.fhir.url.empty())
    throw BadUsage("--fhir-url is required: the FHIR server's base, e.g. https://api.example.org/fhir/R4");
  return {.command = std::move(command),
          .settings = std::move(resolved.settings),
          .in_force = std::move(resolved.in_force),
          .config_file = std::move(sources.file_name)};
}

}  // namespace config
