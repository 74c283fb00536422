#include "config/config_file.h"

#include <gtest/gtest.h>

#include "config/bad_usage.h"

namespace config {
namespace {

std::string refusal_of_text(std::string_view text) {
  try {
    parse_config(text, "f.toml");
  } catch (const BadUsage& refused) {
    return refused.what();
  }
  return "accepted";
}

TEST(ConfigFile, HoldsTextsNumbersAndBooleans) {
  const auto read = parse_config("queue = \"blue\"\n  jobs=4\t# few\n\n# more\r\ndrain = true\nlease = '15s'\n", "f");
  const std::map<std::string, std::string, std::less<>> expected = {
      {"queue", "blue"}, {"jobs", "4"}, {"drain", "true"}, {"lease", "15s"}};
  EXPECT_EQ(read, expected);
}

TEST(ConfigFile, KeepsAHashInsideATextWhole) {
  EXPECT_EQ(parse_config("redis-url = \"redis://u:p#x@h\" # comment", "f").at("redis-url"), "redis://u:p#x@h");
  EXPECT_EQ(parse_config("redis-url = 'redis://u:p#x@h'", "f").at("redis-url"), "redis://u:p#x@h");
}

TEST(ConfigFile, KnowsEscapesInDoubleQuotesOnly) {
  EXPECT_EQ(parse_config(R"(queue = "a\\b\"c\t")", "f").at("queue"), "a\\b\"c\t");
  EXPECT_EQ(parse_config(R"(queue = 'a\b')", "f").at("queue"), R"(a\b)");
  EXPECT_EQ(refusal_of_text(R"(queue = "\x41")"),
            R"(f.toml line 1: a text in " " knows only the escapes \" \\ \t \n \r; one in ' ' takes all as it is)");
}

TEST(ConfigFile, NamesTheLineThatIsWrong) {
  EXPECT_EQ(refusal_of_text("jobs = 4\nqueue = \"blue"), "f.toml line 2: the text's closing quote is missing");
  EXPECT_EQ(refusal_of_text("jobs"), "f.toml line 1: this is not key = value");
  EXPECT_EQ(refusal_of_text("= 4"), "f.toml line 1: this is not key = value");
  EXPECT_EQ(refusal_of_text("jobs = "), "f.toml line 1: a value is a text in quotes, a whole number, true or false");
  EXPECT_EQ(refusal_of_text("queue = blue"),
            "f.toml line 1: a value is a text in quotes, a whole number, true or false");
  EXPECT_EQ(refusal_of_text("jobs = 4 5"), "f.toml line 1: something follows the value");
  EXPECT_EQ(refusal_of_text("[worker]\njobs = 4"), "f.toml line 1: there are no sections; write key = value");
}

TEST(ConfigFile, RefusesAKeyThatIsThereTwice) {
  EXPECT_EQ(refusal_of_text("jobs = 4\nqueue = 'q'\njobs = 5\n"), "f.toml line 3: jobs is there twice");
}

TEST(ConfigFile, MayBeEmpty) {
  EXPECT_TRUE(parse_config("", "f").empty());
  EXPECT_TRUE(read_config_file("/dev/null").empty());
}

TEST(ConfigFile, MustExist) {
  for (const char* path : {"/no/such/file", "/tmp"}) EXPECT_THROW(read_config_file(path), BadUsage) << path;
}

TEST(ConfigFile, IsReadToItsEndOrNotAtAll) {
  for (const char* path : {"/proc/self/mem", "/dev/zero"}) EXPECT_THROW(read_config_file(path), BadUsage) << path;
}

}  // namespace
}  // namespace config
