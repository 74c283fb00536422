#include "worker/printable.h"

#include <gtest/gtest.h>

namespace worker {
namespace {

TEST(ValidUtf8, LeavesValidTextAlone) {
  for (const char* text : {"", "plain", "Zürich", "€", "😀", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xE0\xA0\x80"})
    EXPECT_EQ(valid_utf8(text), text);
}

TEST(ValidUtf8, ReplacesEachByteThatBelongsToNothing) {
  EXPECT_EQ(valid_utf8("a\xFF"
                       "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(valid_utf8("cut \xE2\x82"), "cut \xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(valid_utf8("\x80"), "\xEF\xBF\xBD");
}

TEST(ValidUtf8, RefusesOverlongFormsSurrogatesAndTooLargeOnes) {
  const std::string three = "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD";
  EXPECT_EQ(valid_utf8("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(valid_utf8("\xE0\x9F\xBF"), three);
  EXPECT_EQ(valid_utf8("\xED\xA0\x80"), three);
  EXPECT_EQ(valid_utf8("\xF4\x90\x80\x80"), three + "\xEF\xBF\xBD");
  EXPECT_EQ(valid_utf8("\xF0\x8F\xBF\xBF"), three + "\xEF\xBF\xBD");
}

TEST(Printable, LetsNothingSteerATerminalOrBreakALine) {
  EXPECT_EQ(printable("a\nb\tc\x1b[31md\x7F"
                      "e"),
            "a b c [31md e");
  EXPECT_EQ(printable("a\xC2\x9B"
                      "31m\xC2\xA0"),
            "a 31m\xC2\xA0");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a b");
}

}  // namespace
}  // namespace worker
