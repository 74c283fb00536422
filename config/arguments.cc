#include "config/arguments.h"

#include <sstream>

#include "config/bad_usage.h"
#include "config/declare.h"

namespace config {
namespace {

/// The command that was typed as far as that is known, for the hint.
std::string help_of(const CLI::App& app) {
  const auto typed = app.get_subcommands();
  return "set-accounts " + (typed.empty() ? "" : typed.front()->get_name() + " ") + "--help";
}

std::string no_command(const CLI::App& app) {
  const std::vector<std::string> unknown = app.remaining();
  return unknown.empty() ? "say what to do: worker, enqueue, status, jobs, …"
                         : "there is no such command: " + unknown.front();
}

/// CLI11's words where they say enough, ours where not.
std::string sentence_for(const CLI::ParseError& error, const CLI::App& app) {
  std::string what = error.what();
  const std::string seen = " (see " + help_of(app) + ")";
  if (app.get_subcommands().empty()) return no_command(app) + seen;
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) return what;
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    const std::string option = what.substr(0, what.find(':'));
    return option + (what.find("At Most") == std::string::npos ? " takes a value" : " is given more than once") + seen;
  }
  return what + seen;
}

/// A help fits a screen: CLI11 leaves two or three empty lines between groups.
std::string without_double_gaps(std::string text) {
  for (std::size_t at = text.find("\n\n\n"); at != std::string::npos; at = text.find("\n\n\n", at)) text.erase(at, 1);
  return text;
}

Command answer(const CLI::App& app, const CLI::Success& asked) {
  std::ostringstream text;
  app.exit(asked, text, text);
  return Answer{without_double_gaps(text.str())};
}

}  // namespace

Typed read_arguments(int argc, const char* const* argv) {
  CLI::App app;
  Commands commands;
  Typed typed;
  declare_program(app, commands, typed);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    typed.command = answer(app, asked);
  } catch (const CLI::ParseError& error) {
    throw BadUsage(sentence_for(error, app));
  }
  return typed;
}

}  // namespace config
