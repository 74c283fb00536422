#include "config/manual/man_page.h"

#include <algorithm>
#include <cctype>

#include "config/manual/about_program.h"
#include "config/manual/about_settings.h"
#include "config/manual/roff.h"
#include "config/manual/sentence.h"

namespace config::manual {
namespace {

std::string in_capitals(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

/// "Run jobs: the daemon." as the line of a list: "run jobs: the daemon"
std::string as_title(std::string sentence) {
  sentence.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(sentence.front())));
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence;
}

class Page {
 public:
  Page(std::string name, char number, const Outline& outline, const std::string& date)
      : name_(std::move(name)), number_(number) {
    text_ = ".TH " + roff(in_capitals(name_)) + ' ' + number_ + ' ' + date + " \"" + roff(outline.version) + "\"\n";
  }
  void title(const std::string& what) {
    section("NAME");
    line(roff(name_) + " \\- " + roff(what));
  }
  void section(std::string_view title) { line(".SH " + std::string(title)); }
  void group(std::string_view title) { line(".SS " + roff(title)); }
  void line(const std::string& roff_text) { text_ += roff_text + '\n'; }
  void term(const std::string& roff_term) { line(".TP\n" + roff_term); }
  void whole(const Section& section_of_prose) {
    section(section_of_prose.title);
    if (!section_of_prose.text.empty()) line(roff(section_of_prose.text));
    for (const Entry& entry : section_of_prose.entries) {
      term(bold(entry.term));
      line(roff(entry.text));
    }
  }
  void example(const std::string& command_line) { line(".RS 4\n.nf\n" + roff(command_line) + "\n.fi\n.RE"); }
  void see_also(std::vector<std::string> pages) {
    section("SEE ALSO");
    std::erase(pages, name_ + '(' + number_ + ')');
    for (const std::string& page : pages) {
      const std::size_t bracket = page.find('(');
      line(".BR " + roff(page.substr(0, bracket)) + ' ' + page.substr(bracket) + (page == pages.back() ? "" : " ,"));
    }
  }
  ManPage done() const { return {.file_name = name_ + '.' + number_, .text = text_}; }

 private:
  std::string name_;
  char number_;
  std::string text_;
};

std::string value_of(const std::string& value_name) {
  return value_name.empty() ? "" : ' ' + italic(value_name);
}

void describe(Page& page, const Argument& argument) {
  page.term(argument.positional ? italic(argument.names) : bold(argument.names) + value_of(argument.value_name));
  page.line(roff(as_sentence(argument.help)));
}

/// `head`: how the setting is written there, on a command line or in a file.
void describe(Page& page, const Option& option, const std::string& head) {
  page.term(head);
  page.line(roff(as_sentence(std::string(option.help))));
  const std::string otherwise = default_of(option);
  if (!otherwise.empty() && !option.says_default) page.line("Default: " + bold(otherwise) + '.');
  const auto more = about_settings().find(option.name);
  if (more != about_settings().end()) page.line(roff(more->second.more));
}

void describe_flags(Page& page, const std::vector<const Option*>& settings) {
  std::string_view group;
  for (const Option* option : settings) {
    if (option->group != group) page.group(group = option->group);
    describe(page, *option, bold("--" + std::string(option->name)) + value_of(std::string(option->value_name)));
  }
}

std::string synopsis_of(const CommandOutline& command) {
  std::string line = bold("set-accounts " + command.name);
  for (const Argument& argument : command.arguments)
    if (argument.positional)
      line += argument.required ? ' ' + italic(argument.names) : " [" + italic(argument.names) + ']';
  return line + " [" + italic("OPTION") + R"(]\|.\|.\|.)";
}

std::vector<std::string> all_pages(const Outline& outline) {
  std::vector<std::string> pages = {"set-accounts(1)"};
  for (const CommandOutline& command : outline.commands) pages.push_back("set-accounts-" + command.name + "(1)");
  pages.emplace_back("set-accounts.toml(5)");
  return pages;
}

ManPage page_of_program(const Outline& outline, const std::string& date) {
  Page page("set-accounts", '1', outline, date);
  page.title("set meta.accounts through compartments of a FHIR server");
  page.section("SYNOPSIS");
  page.line(bold("set-accounts") + ' ' + italic("COMMAND") + " [" + italic("OPTION") + R"(]\|.\|.\|.)");
  page.section("DESCRIPTION");
  page.line(roff(outline.what));
  page.section("COMMANDS");
  for (const CommandOutline& command : outline.commands) {
    page.term(bold(command.name));
    page.line(roff(command.what));
    page.line("See\n.BR set\\-accounts\\-" + command.name + " (1).");
  }
  page.section("OPTIONS");
  for (const Argument& argument : outline.arguments) describe(page, argument);
  for (const Section& section : {configuration(), exit_status(), signals(), environment(), files()})
    page.whole(section);
  page.section("EXAMPLES");
  for (const CommandOutline& command : outline.commands) page.example(command.example);
  page.see_also(all_pages(outline));
  return page.done();
}

ManPage page_of_command(const Outline& outline, const CommandOutline& command, const std::string& date) {
  Page page("set-accounts-" + command.name, '1', outline, date);
  page.title(as_title(command.what));
  page.section("SYNOPSIS");
  page.line(synopsis_of(command));
  page.section("DESCRIPTION");
  page.line(roff(command.what));
  page.section("OPTIONS");
  for (const Argument& argument : command.arguments) describe(page, argument);
  describe_flags(page, command.settings);
  page.whole(configuration());
  page.whole(exit_status());
  if (command.name == "worker") page.whole(signals());
  page.section("EXAMPLE");
  page.example(command.example);
  page.see_also(all_pages(outline));
  return page.done();
}

ManPage page_of_file(const Outline& outline, const std::string& date) {
  Page page("set-accounts.toml", '5', outline, date);
  page.title("settings of set-accounts");
  page.section("DESCRIPTION");
  page.line(roff(
      "A TOML file with nothing but lines of `key = value` and comments: a text in quotes, a whole number, `true` or "
      "`false`. A line that is none of those is an error that names it by its number; a key that there is not, or a "
      "value that is not allowed, one that names the key. The keys are the flags of set-accounts worker, without the "
      "dashes. Durations are texts as in \"250ms\", \"10s\", "
      "\"5m\", \"12h\" or \"7d\", sizes as in \"64MB\"."));
  page.section("SETTINGS");
  std::string_view group;
  for (const Option& option : options()) {
    if (option.only_from_environment) continue;
    if (option.group != group) page.group(group = option.group);
    describe(page, option, bold(option.name) + " = " + italic(option.value_name.empty() ? "true" : option.value_name));
  }
  page.whole(configuration());
  page.whole(environment());
  page.whole(files());
  page.see_also(all_pages(outline));
  return page.done();
}

}  // namespace

std::vector<ManPage> man_pages(const Outline& outline, const std::string& date) {
  std::vector<ManPage> pages = {page_of_program(outline, date)};
  for (const CommandOutline& command : outline.commands) pages.push_back(page_of_command(outline, command, date));
  pages.push_back(page_of_file(outline, date));
  return pages;
}

}  // namespace config::manual
