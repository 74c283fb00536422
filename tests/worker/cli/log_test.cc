#include "worker/log.h"

#include <limits>

#include <gtest/gtest.h>
#include <rapidjson/reader.h>

namespace worker::log {
namespace {

using namespace std::string_literals;

bool is_json(const std::string& text) {
  rapidjson::StringStream stream(text.c_str());
  rapidjson::BaseReaderHandler<> nobody;
  return !rapidjson::Reader().Parse<rapidjson::kParseValidateEncodingFlag>(stream, nobody).IsError();
}

TEST(Log, SaysFieldsAsTheyAre) {
  const std::string id = "17-0";
  EXPECT_EQ(text_of("job claimed", {{"job", id}, {"attempt", 2}, {"rate", 0.5}, {"dry", false}, {"left", 7U}}),
            "job claimed job=17-0 attempt=2 rate=0.5 dry=false left=7");
  EXPECT_EQ(json_of("job claimed", {{"job", id}, {"attempt", 2}, {"rate", 0.5}, {"dry", false}, {"left", 7U}}),
            R"("event":"job claimed","job":"17-0","attempt":2,"rate":0.5,"dry":false,"left":7)");
}

TEST(Log, QuotesTextThatCouldBeMistakenForTwoFields) {
  EXPECT_EQ(text_of("failed", {{"error", "no \"x\" = 1"}, {"empty", ""}}), R"(failed error="no \"x\" = 1")");
}

TEST(Log, KeepsALineOneLineWhateverIsInIt) {
  EXPECT_EQ(text_of("a\nb", {{"error", "x\r\ny\x1b[2J"}}), R"(a b error="x  y [2J")");
}

TEST(Log, IsValidJsonWhateverIsInIt) {
  const std::string wild = "\"\\\n\x01\xFF\xC3(\0end"s;
  const std::string members =
      json_of(wild, {{"error", wild}, {wild, 1}, {"x", std::numeric_limits<double>::infinity()}});
  EXPECT_TRUE(is_json("{" + members + "}")) << members;
  EXPECT_NE(members.find("\xEF\xBF\xBD"), std::string::npos);
}

TEST(Log, WritesOneLineAnEventFromItsLevelOn) {
  testing::internal::CaptureStderr();
  set_up({.format = config::LogFormat::json, .level = Level::warning});
  event(Level::info, "quiet");
  event(Level::warning, "loud", {{"n", 1}});
  set_up({.format = config::LogFormat::text, .level = Level::debug});
  event(Level::debug, "plain {} %v", {{"n", 2}});
  const std::string written = testing::internal::GetCapturedStderr();

  const std::size_t end = written.find('\n');
  EXPECT_TRUE(is_json(written.substr(0, end))) << written;
  EXPECT_NE(written.find(R"("level":"warning","event":"loud","n":1})"), std::string::npos) << written;
  EXPECT_EQ(written.find("quiet"), std::string::npos);
  EXPECT_TRUE(written.ends_with("debug   plain {} %v n=2\n")) << written;
}

}  // namespace
}  // namespace worker::log
