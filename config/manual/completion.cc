#include "config/manual/completion.h"

#include <map>
#include <set>
#include <sstream>

namespace config::manual {
namespace {

constexpr std::string_view beginning =
    R"(# bash completion for set-accounts: commands, flags, values that are one of a few words, and files.

_set_accounts() {
  local current=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD - 1]} command="" word
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] || { command=$word; break; }
  done
  if [[ $current == = ]]; then current=""; fi
  if [[ $flag == = ]]; then flag=${COMP_WORDS[COMP_CWORD - 2]}; fi
  case $flag in
)";

constexpr std::string_view between = R"(  esac
  case $command in
)";

constexpr std::string_view end = R"(  esac
}
complete -F _set_accounts set-accounts
)";

/// What may follow, as the words of `compgen -W`.
std::string words(const std::string& list, int depth) {
  return std::string(static_cast<std::size_t>(depth), ' ') + "mapfile -t COMPREPLY < <(compgen -W '" + list +
         "' -- \"$current\")\n";
}

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& word : list) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

/// The spellings of an argument: "-h, --help" → "-h --help".
std::string flags_of(const Argument& argument) {
  std::string flags = argument.names;
  std::erase(flags, ',');
  return flags;
}

/// What completes a flag's value; nothing if it is for the person to know.
std::string reply_to(const std::string& value_name, const std::vector<std::string>& choices) {
  if (!choices.empty()) return words(joined(choices), 6);
  if (value_name == "FILE")
    return "      mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n      compopt -o filenames\n";
  return "";
}

/// By reply, the flags that have it. One that several commands have means the same in each.
std::map<std::string, std::set<std::string>> replies(const Outline& outline) {
  std::map<std::string, std::set<std::string>> flags;
  for (const CommandOutline& command : outline.commands) {
    for (const Argument& argument : command.arguments)
      if (!argument.positional && !argument.value_name.empty())
        flags[reply_to(argument.value_name, argument.choices)].insert(argument.names);
    for (const Option* option : command.settings)
      if (!option->value_name.empty())
        flags[reply_to(std::string(option->value_name), option->kind.choices)].insert("--" + std::string(option->name));
  }
  return flags;
}

std::string pattern_of(const std::set<std::string>& flags) {
  std::string pattern;
  for (const std::string& flag : flags) pattern.append(pattern.empty() ? "" : " | ").append(flag);
  return pattern;
}

std::string flags_of(const CommandOutline& command) {
  std::string flags;
  for (const Argument& argument : command.arguments)
    if (!argument.positional) flags += flags_of(argument) + ' ';
  for (const Option* option : command.settings) flags += "--" + std::string(option->name) + ' ';
  flags.pop_back();
  return flags;
}

std::string commands_and_flags(const Outline& outline) {
  std::string list;
  for (const CommandOutline& command : outline.commands) list += command.name + ' ';
  for (const Argument& argument : outline.arguments) list += flags_of(argument) + ' ';
  list.pop_back();
  return list;
}

}  // namespace

std::string bash_completion(const Outline& outline) {
  std::string script(beginning);
  for (const auto& [reply, flags] : replies(outline))
    script += "    " + pattern_of(flags) + ")\n" + reply + "      return ;;\n";
  script += between;
  script += "    '')\n" + words(commands_and_flags(outline), 6) + "      ;;\n";
  for (const CommandOutline& command : outline.commands)
    script += "    " + command.name + ")\n" + words(flags_of(command), 6) + "      ;;\n";
  return script + std::string(end);
}

}  // namespace config::manual
