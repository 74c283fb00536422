#include <algorithm>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "config/config_file.h"
#include "config/manual/about_settings.h"
#include "config/manual/commented_file.h"
#include "config/manual/completion.h"
#include "config/manual/man_page.h"
#include "config/manual/outline.h"
#include "config/manual/roff.h"
#include "tests/config/parsed.h"

namespace config::manual {
namespace {

const std::string date = "2026-02-28";

std::string page_of(const std::string& file_name) {
  for (const ManPage& page : man_pages(outline(), date))
    if (page.file_name == file_name) return page.text;
  ADD_FAILURE() << "no page " << file_name;
  return {};
}

std::vector<const Option*> in_file() {
  std::vector<const Option*> all;
  for (const Option& option : options())
    if (!option.only_from_environment) all.push_back(&option);
  return all;
}

/// Every `#key = value` of the commented file, without its #.
std::vector<std::string> settings_of(const std::string& file) {
  std::istringstream lines(file);
  std::vector<std::string> settings;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with('#') && line.size() > 1 && std::islower(static_cast<unsigned char>(line[1])) != 0)
      settings.push_back(line.substr(1));
  return settings;
}

std::string all_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

testing::AssertionResult says(const std::string& text, const std::string& what) {
  if (text.find(what) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "not there: " << what;
}

TEST(Manual, HasAPageForTheProgramEachCommandAndTheFile) {
  const std::vector<ManPage> pages = man_pages(outline(), date);

  EXPECT_EQ(pages.size(), outline().commands.size() + 2);
  for (const ManPage& page : pages) EXPECT_TRUE(says(page.text, ".SH NAME")) << page.file_name;
  for (const char* command :
       {"worker", "check", "enqueue", "status", "jobs", "cancel", "retry", "pause", "resume", "owed"})
    EXPECT_TRUE(says(page_of("set-accounts.1"), "set\\-accounts\\-" + std::string(command)));
}

TEST(Manual, HasEverySettingWithItsDefaultInThePagesOfTheWorkerAndTheFile) {
  const std::string worker = page_of("set-accounts-worker.1");
  const std::string file = page_of("set-accounts.toml.5");
  for (const Option* option : in_file()) {
    const std::string otherwise = default_of(*option);
    const bool tells = !otherwise.empty() && !option->says_default;
    for (const auto& [page, head] :
         {std::pair(worker, bold("--" + std::string(option->name))), std::pair(file, bold(option->name) + " = ")}) {
      const std::size_t at = page.find(".TP\n" + head);
      ASSERT_NE(at, std::string::npos) << option->name;
      const std::string entry = page.substr(at, page.find(".TP", at + 1) - at);
      EXPECT_EQ(says(entry, "Default: " + bold(otherwise) + '.'), tells) << entry;
    }
  }
}

TEST(Manual, HasEveryCommandsOwnArguments) {
  const Outline all = outline();
  for (const CommandOutline& command : all.commands) {
    const std::string page = page_of("set-accounts-" + command.name + ".1");
    EXPECT_TRUE(says(page, roff(command.example)));
    for (const Argument& argument : command.arguments)
      EXPECT_TRUE(says(page, ".TP\n" + (argument.positional ? italic(argument.names) : bold(argument.names))));
  }
  EXPECT_TRUE(says(page_of("set-accounts-enqueue.1"), bold("--account") + ' ' + italic("REF")));
}

TEST(Manual, TellsExitStatusSignalsAndFiles) {
  const std::string page = page_of("set-accounts.1");
  for (const char* what :
       {".SH EXIT STATUS", "\\fB130\\fR", "SIGHUP", "CREDENTIALS_DIRECTORY", "/etc/set\\-accounts/credentials/"})
    EXPECT_TRUE(says(page, what));
}

TEST(Manual, SaysNothingOfSettingsThatThereAreNot) {
  for (const auto& about : about_settings()) {
    const auto is_meant = [&about](const Option& option) { return option.name == about.first; };
    EXPECT_TRUE(std::ranges::any_of(options(), is_meant)) << about.first;
  }
}

TEST(Roff, TakesNothingInTextForARequest) {
  EXPECT_EQ(roff(".SH x"), "\\&.SH x");
  EXPECT_EQ(roff("--a\\b 'c' `d` …"), "\\-\\-a\\eb \\(aqc\\(aq \\fBd\\fR \\[u2026]");
}

TEST(CommentedFile, SetsNothing) {
  EXPECT_TRUE(parse_config(commented_file(), "file").empty());
}

TEST(CommentedFile, HasEverySettingWithItsDefault) {
  const auto values = parse_config(all_of(settings_of(commented_file())), "file");

  ASSERT_EQ(values.size(), in_file().size());
  for (const Option* option : in_file()) {
    const std::string otherwise = option->kind.show(Settings());
    ASSERT_TRUE(values.contains(option->name)) << option->name;
    if (!otherwise.empty()) EXPECT_EQ(values.find(option->name)->second, otherwise) << option->name;
  }
}

TEST(CommentedFile, IsAcceptedWithEveryLineUncommented) {
  const test::TemporaryFile file(all_of(settings_of(commented_file())));
  const test::Variables secret = {{"SET_ACCOUNTS_CLIENT_SECRET", "secret"}};

  EXPECT_EQ(test::refusal_of({"check", "--config", file.path()}, secret), "accepted");
  EXPECT_EQ(test::refusal_of({"worker", "--config", file.path()}, secret), "accepted");
}

TEST(CommentedFile, IsAcceptedWithAnyOneLineUncommented) {
  for (const std::string& line : settings_of(commented_file())) {
    const test::TemporaryFile file(line + '\n');
    const bool is_login = line.starts_with("client-id");
    const test::Variables variables = {{"SET_ACCOUNTS_FHIR_URL", "https://h/fhir/R4"},
                                       {"SET_ACCOUNTS_CLIENT_SECRET", is_login ? "secret" : ""}};
    EXPECT_EQ(test::refusal_of({"worker", "--config", file.path()}, variables), "accepted") << line;
  }
}

TEST(CommentedFile, FitsAScreensWidth) {
  std::istringstream lines(commented_file());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
}

TEST(Completion, MeansTheSameByAFlagInEveryCommand) {
  std::map<std::string, std::vector<std::string>> choices;
  const Outline all = outline();
  for (const CommandOutline& command : all.commands) {
    for (const Argument& argument : command.arguments)
      EXPECT_EQ(choices.try_emplace(argument.names, argument.choices).first->second, argument.choices)
          << argument.names;
    for (const Option* option : command.settings)
      EXPECT_EQ(choices.try_emplace("--" + std::string(option->name), option->kind.choices).first->second,
                option->kind.choices)
          << option->name;
  }
}

TEST(Completion, KnowsEveryFlagOfEveryCommand) {
  const Outline all = outline();
  const std::string script = bash_completion(all);
  for (const CommandOutline& command : all.commands) {
    const std::size_t at = script.find("\n    " + command.name + ")\n");
    ASSERT_NE(at, std::string::npos) << command.name;
    const std::string entry = script.substr(at, script.find(";;", at) - at);
    for (const Argument& argument : command.arguments)
      if (!argument.positional && argument.names.starts_with("--")) EXPECT_TRUE(says(entry, argument.names + ' '));
    for (const Option* option : command.settings) EXPECT_TRUE(says(entry, " --" + std::string(option->name)));
  }
}

}  // namespace
}  // namespace config::manual
