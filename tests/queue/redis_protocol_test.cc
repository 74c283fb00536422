#include "queue/redis_protocol.h"

#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

namespace queue {
namespace {

using Kind = Reply::Kind;

std::vector<Reply> parse_in_pieces(std::string_view text, std::size_t largest, std::minstd_rand& random) {
  ReplyParser parser;
  std::vector<Reply> replies;
  while (!text.empty()) {
    const auto length = std::min(text.size(), 1 + random() % largest);
    parser.feed(text.substr(0, length));
    text.remove_prefix(length);
    while (auto reply = parser.next()) replies.push_back(std::move(*reply));
  }
  return replies;
}

std::string of_all_kinds() {
  std::string text = "+OK\r\n-ERR no\r\n:-42\r\n$5\r\na\r\n";
  text.push_back('\0');
  text += "b\r\n$-1\r\n*-1\r\n*0\r\n*3\r\n:1\r\n*2\r\n$1\r\nx\r\n+s\r\n$0\r\n\r\n";
  return text;
}

TEST(RedisProtocol, ReadsRepliesOfAllKindsInArbitraryPieces) {
  std::minstd_rand random(7);
  for (std::size_t largest = 1; largest < 40; ++largest) {
    const auto replies = parse_in_pieces(of_all_kinds(), largest, random);
    ASSERT_EQ(replies.size(), 8U);
    EXPECT_EQ(replies[0].kind, Kind::status);
    EXPECT_EQ(replies[0].text, "OK");
    EXPECT_TRUE(replies[1].is_error());
    EXPECT_EQ(replies[1].text, "ERR no");
    EXPECT_EQ(replies[2].number, -42);
    EXPECT_EQ(replies[3].text, std::string("a\r\n\0b", 5));
    EXPECT_TRUE(replies[4].is_nil());
    EXPECT_TRUE(replies[5].is_nil());
    EXPECT_EQ(replies[6].kind, Kind::array);
    EXPECT_TRUE(replies[6].items.empty());
    ASSERT_EQ(replies[7].items.size(), 3U);
    EXPECT_EQ(replies[7].items[0].number, 1);
    EXPECT_EQ(replies[7].items[1].items.at(1).text, "s");
    EXPECT_EQ(replies[7].items[2].kind, Kind::string);
    EXPECT_EQ(replies[7].items[2].text, "");
  }
}

TEST(RedisProtocol, KeepsAnUnfinishedReplyForItself) {
  ReplyParser parser;
  parser.feed("*2\r\n$3\r\nabc\r\n$3\r\nde");
  EXPECT_FALSE(parser.next());
}

TEST(RedisProtocol, TakesNoMemoryForWhatIsOnlyAnnounced) {
  ReplyParser parser;
  parser.feed("*2147483647\r\n*2147483647\r\n:1\r\n$1000000000000\r\nx");
  EXPECT_FALSE(parser.next());
}

TEST(RedisProtocol, RefusesWhatIsNotRedis) {
  ReplyParser parser;
  parser.feed("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_THROW(parser.next(), std::runtime_error);
}

TEST(RedisProtocol, FormatsCommandsBinarySafe) {
  const std::string binary("\r\n\0", 3);
  std::string out = "before ";
  format_command({"SET", "", binary}, out);
  EXPECT_EQ(out, "before *3\r\n$3\r\nSET\r\n$0\r\n\r\n$3\r\n" + binary + "\r\n");
}

}  // namespace
}  // namespace queue
