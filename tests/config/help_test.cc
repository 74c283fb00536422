#include <algorithm>

#include <gtest/gtest.h>

#include "tests/config/parsed.h"

namespace config {
namespace {

std::string answer_to(const std::vector<std::string>& arguments) {
  return std::get<Answer>(test::parsed(arguments).command).text;
}

TEST(Help, FitsAScreenAndHasAnExample) {
  for (const char* command :
       {"check", "enqueue", "status", "jobs", "cancel", "retry", "pause", "resume", "owed", "worker"}) {
    const std::string help = answer_to({command, "--help"});
    const auto most = std::string(command) == "worker" ? 52 : 26;
    EXPECT_LE(std::ranges::count(help, '\n'), most) << help;
    EXPECT_NE(help.find("Example: set-accounts " + std::string(command)), std::string::npos) << help;
    EXPECT_EQ(help.find("\n\n\n"), std::string::npos) << help;
  }
}

TEST(Help, NamesTheDefaults) {
  const std::string help = answer_to({"worker", "--help"});
  for (const char* text : {"[16]", "[30s]", "[64MB]", "[7d]", "[full]", "[set-accounts]"})
    EXPECT_NE(help.find(text), std::string::npos) << text;
}

TEST(Help, NeedsNothingElse) {
  EXPECT_NE(answer_to({"--help"}).find("enqueue"), std::string::npos);
  EXPECT_NE(answer_to({"cancel", "-h"}).find("JOB"), std::string::npos);
}

TEST(Version, IsTheProjects) {
  EXPECT_EQ(answer_to({"--version"}).find("set-accounts "), 0U);
}

}  // namespace
}  // namespace config
