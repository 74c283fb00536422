#include "worker/traceparent.h"

#include <gtest/gtest.h>

namespace {

using worker::valid_traceparent;

const std::string trace = "0af7651916cd43dd8448eb211c80319c", parent = "b7ad6b7169203331";
const std::string good = "00-" + trace + "-" + parent + "-01";

TEST(Traceparent, IsPassedOnAsItCame) {
  EXPECT_EQ(valid_traceparent(good), good);
  EXPECT_EQ(valid_traceparent("00-" + trace + "-" + parent + "-00"), "00-" + trace + "-" + parent + "-00");
  EXPECT_EQ(valid_traceparent("00-" + trace + "-" + parent + "-03"), "00-" + trace + "-" + parent + "-03");
}

TEST(Traceparent, OfALaterVersionIsPassedOnAsFarAsVersion00KnowsIt) {
  EXPECT_EQ(valid_traceparent("01-" + trace + "-" + parent + "-01"), good);
  EXPECT_EQ(valid_traceparent("cc-" + trace + "-" + parent + "-0f-what-the-future-holds"), good);
  EXPECT_EQ(valid_traceparent("01-" + trace + "-" + parent + "-02"), "00-" + trace + "-" + parent + "-00");
}

TEST(Traceparent, ThatIsMalformedIsDropped) {
  const std::vector<std::string> bad{
      "",
      "00",
      "ff-" + trace + "-" + parent + "-01",
      "0x-" + trace + "-" + parent + "-01",
      good + "-more",
      good + " ",
      "01-" + trace + "-" + parent + "-01more",
      "00-" + trace + "-" + parent + "-0",
      "00-" + trace + "-" + parent + "-0g",
      "00_" + trace + "-" + parent + "-01",
      "00-" + std::string(32, '0') + "-" + parent + "-01",
      "00-" + trace + "-" + std::string(16, '0') + "-01",
      "00-" + trace.substr(1) + "--" + parent + "-01",
      "00-0AF7651916CD43DD8448EB211C80319C-" + parent + "-01",
      "00-" + trace + "-" + parent + "-01\r\nX: y",
  };
  for (const auto& text : bad) EXPECT_EQ(valid_traceparent(text), "") << text;
}

TEST(Traceparent, BytesThatAreNoTextAreDropped) {
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string text = good;
    text[at] = '\xff';
    EXPECT_EQ(valid_traceparent(text), "") << at;
  }
}

}  // namespace
