#include "config/manual/outline.h"

#include <sstream>

#include "config/declare.h"

namespace config::manual {
namespace {

/// The group that CLI11 gives to what has been given none: a command's own arguments, and no setting.
constexpr std::string_view own = "Options";

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream rest(text);
  std::vector<std::string> words;
  for (std::string word; rest >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> choices_of(CLI::Option& declared) {
  const auto has_none = [&declared] {
    try {
      return declared.get_validator()->get_name().empty();
    } catch (const CLI::OptionNotFound&) {
      return true;
    }
  };
  return has_none() ? std::vector<std::string>() : words_of(declared.get_validator()->get_name());
}

Argument argument(CLI::Option& declared) {
  Argument argument;
  argument.positional = declared.get_positional();
  argument.names = declared.get_name(argument.positional, true);
  for (std::size_t comma = argument.names.find(','); comma != std::string::npos;
       comma = argument.names.find(',', comma + 2))
    argument.names.insert(comma + 1, " ");
  argument.value_name = declared.get_type_size() == 0 ? "" : declared.get_type_name();
  argument.help = declared.get_description();
  argument.choices = choices_of(declared);
  argument.required = declared.get_required();
  argument.repeated = declared.get_expected_max() > 1;
  return argument;
}

std::vector<Argument> arguments_of(CLI::App& app) {
  std::vector<Argument> arguments;
  for (CLI::Option* declared : app.get_options())
    if (declared->get_group() == own) arguments.push_back(argument(*declared));
  return arguments;
}

std::vector<const Option*> settings_of(const CLI::App& command) {
  std::vector<const Option*> settings;
  for (const Option& option : options()) {
    const CLI::Option* declared = command.get_option_no_throw("--" + std::string(option.name));
    if (declared != nullptr && declared->get_group() != own) settings.push_back(&option);
  }
  return settings;
}

/// What follows the label in a command's last line of help.
std::string example_of(const CLI::App& command) {
  constexpr std::string_view label = "Example: ";
  const std::string footer = command.get_footer();
  const std::size_t at = footer.find(label);
  return at == std::string::npos ? "" : footer.substr(at + label.size());
}

}  // namespace

Outline outline() {
  CLI::App app;
  Commands commands;
  Typed typed;
  declare_program(app, commands, typed);
  Outline outline;
  outline.what = app.get_description();
  outline.version = app.version();
  outline.arguments = arguments_of(app);
  for (CLI::App* command : app.get_subcommands({}))
    outline.commands.push_back({.name = command->get_name(),
                                .what = command->get_description(),
                                .example = example_of(*command),
                                .arguments = arguments_of(*command),
                                .settings = settings_of(*command)});
  return outline;
}

std::string default_of(const Option& option) {
  return option.value_name.empty() ? "" : option.kind.show(Settings());
}

}  // namespace config::manual
