#include "fhir/json_skipping.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "fhir/lone_surrogates.h"
#include "fhir/page_parser.h"
#include "fhir/plain_text.h"
#include "tests/fhir/plain_reading.h"
#include "tests/fhir/random_page.h"

namespace {

using oracle::Dice;

/// Where the object or array with which `json` begins was seen to end: behind its bracket.
std::optional<std::size_t> end_of(std::string json, std::size_t depth = fhir::max_json_depth - 1) {
  const bool is_object = json.starts_with('{');
  json.append(fhir::plain_text_padding, '\0');
  const char* inside = json.data() + 1;
  const char* closing = is_object ? fhir::end_of_object(inside, depth) : fhir::end_of_array(inside, depth);
  if (closing == nullptr) return std::nullopt;
  return static_cast<std::size_t>(closing - json.data()) + 1;
}

/// To its end, and not beyond.
bool is_skipped(const std::string& json) {
  return end_of(json + ",\"x\":1}") == json.size();
}

TEST(JsonSkipping, FindsTheEndOfWhatIsSound) {
  for (const std::string json : {"{}", "[]", "[ ]", "{\n}", R"({"a":{},"b":[],"c":[{}]})",
                                 R"([ 1 , [ "x" ] , true,false,null ])", R"({ "a" : "}]{[" , "b" : "\"}" })",
                                 "[\"0123456789abcde\"]", "[\"0123456789abcdef\"]", "[\"0123456789abcdefg\"]"})
    EXPECT_TRUE(is_skipped(json)) << json;
}

TEST(JsonSkipping, TakesEveryFormOfNumber) {
  for (const std::string number :
       {"0", "-0", "7", "-10", "1.50", "0.0", "1e5", "1E+05", "-1.5e-07", "12345678901234567890"})
    EXPECT_TRUE(is_skipped("[" + number + "]")) << number;
  for (const std::string number :
       {"", "-", "01", "+1", ".5", "1.", "1.e5", "1e", "1e+", "0x1", "NaN", "Infinity", "1-", "--1"})
    EXPECT_FALSE(end_of("{\"a\":" + number + "}")) << number;
}

TEST(JsonSkipping, LeavesNumbersThatNoDoubleMightHoldToOthers) {
  EXPECT_FALSE(end_of("[1e308]"));
  EXPECT_FALSE(end_of("[1e309]"));
  EXPECT_FALSE(end_of("[" + std::string(400, '9') + "]"));
}

TEST(JsonSkipping, TakesEveryEscape) {
  EXPECT_TRUE(is_skipped(R"(["\"\\\/\b\f\n\r\t\u00e9\uD83D\uDe00"])"));
  for (const std::string text : {R"("\x")", R"("\u12g4")", R"("\u123")", R"("\u")", R"("\)", R"("\")", R"("\u 123")"})
    EXPECT_FALSE(end_of("[" + text + "]")) << text;
}

TEST(JsonSkipping, TakesWellFormedUtf8Only) {
  for (const std::string text :
       {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xec\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
        "\xf0\x90\x80\x80", "\xf3\xbf\xbf\xbf", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_skipped("[\"" + text + "\"]")) << text;
  for (const std::string text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x7f", "\xc2\xc0", "\xe0\x9f\xbf", "\xe1\x80",
        "\xe1\x80\x7f", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf1\x80\x80", "\xf1\x80\x80\xc0",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xfe"})
    EXPECT_FALSE(end_of("[\"" + text + "\"]")) << text;
}

TEST(JsonSkipping, TakesNoControlCharacterWithinAString) {
  for (char c = 0; c < ' '; ++c) EXPECT_FALSE(end_of("[\"a" + std::string(1, c) + "b\"]")) << static_cast<int>(c);
}

TEST(JsonSkipping, RefusesWhatIsNoJson) {
  for (const std::string json : {"{",           "[",         "{]",     "[}",         "[1",          "[1,",
                                 "[1,]",        "[,1]",      "[1 2]",  "[1;2]",      R"({"a"})",    R"({"a":})",
                                 R"({"a":1,})", "{1:2}",     "{a:1}",  R"({"a" 1})", R"({"a"::1})", R"({"a":1 "b":2})",
                                 R"(["a)",      R"(["a"b])", "[tru]",  "[truE]",     "[nul",        "[fals]",
                                 "['a']",       "[\v1]",     "[/**/]", "[\"a\":1]"})
    EXPECT_FALSE(end_of(json)) << json;
}

TEST(JsonSkipping, EndsWhereItIsToldToGoNoDeeper) {
  EXPECT_EQ(end_of("[[[]]]", 2), 6U);
  EXPECT_FALSE(end_of("[[[]]]", 1));
  EXPECT_EQ(end_of(R"({"a":{}})", 1), 8U);
  EXPECT_FALSE(end_of(R"({"a":{}})", 0));
  EXPECT_FALSE(end_of(std::string(1'000'000, '[')));
}

TEST(JsonSkipping, FindsTheEndOfAnyPage) {
  for (unsigned seed = 1; seed <= 1000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    EXPECT_TRUE(is_skipped(oracle::random_bundle(dice)));
  }
}

TEST(JsonSkipping, SkipsNothingThatRapidJsonWouldNotTake) {
  std::size_t skipped = 0;
  for (unsigned seed = 1; seed <= 4000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    std::string json = oracle::random_bundle(dice);
    json[1 + dice.below(json.size() - 1)] = static_cast<char>(dice.below(256));
    fhir::replace_lone_surrogates(json);
    const auto end = end_of(json);
    if (!end) continue;
    ++skipped;
    EXPECT_TRUE(oracle::is_plainly_json(json.substr(0, *end))) << json;
  }
  EXPECT_GT(skipped, 400U);
}

}  // namespace
