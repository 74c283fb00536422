#include "worker/http/ends.h"

#include <gtest/gtest.h>

namespace worker::http {
namespace {

using boost::asio::ip::make_address;

bool from_here(const std::string& ours, const std::string& theirs, Fields fields) {
  return is_from_here({make_address(ours), make_address(theirs)}, fields);
}

TEST(FromHere, IsWhoeverAsksAtALoopbackAddressForOne) {
  for (const std::string host : {"localhost", "LocalHost:8089", "127.0.0.1", "127.1.2.3:1", "[::1]", "[::1]:8089"})
    EXPECT_TRUE(from_here("127.0.0.1", "127.0.0.1", {{"host", host}})) << host;
  EXPECT_TRUE(from_here("::1", "::1", {{"Host", "localhost"}}));
  EXPECT_TRUE(from_here("::ffff:127.0.0.1", "::ffff:127.0.0.1", {{"Host", "localhost"}}));
}

TEST(FromHere, IsNobodyAtAnotherAddress) {
  EXPECT_FALSE(from_here("10.0.0.1", "10.0.0.1", {{"Host", "localhost"}}));
  EXPECT_FALSE(from_here("127.0.0.1", "10.0.0.2", {{"Host", "localhost"}}));
  EXPECT_FALSE(from_here("10.0.0.1", "127.0.0.1", {{"Host", "localhost"}}));
}

TEST(FromHere, IsNoWebPageUnderANameOfItsOwn) {
  for (const std::string host : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1",
                                 "localhost@evil.example", "2130706433", "0.0.0.0", "[::]", ""})
    EXPECT_FALSE(from_here("127.0.0.1", "127.0.0.1", {{"Host", host}})) << host;
  EXPECT_FALSE(from_here("127.0.0.1", "127.0.0.1", {}));
}

TEST(FromHere, IsNothingThatAProxyPassedOn) {
  for (const std::string name : {"Forwarded", "Via", "X-Forwarded-For", "x-forwarded-host", "X-Real-IP"})
    EXPECT_FALSE(from_here("127.0.0.1", "127.0.0.1", {{"Host", "localhost"}, {name, "x"}})) << name;
}

TEST(Peer, OfIPv6IsANetwork) {
  EXPECT_EQ(peer_of(make_address("2001:db8:1:2:3:4:5:6")), "2001:db8:1:2::");
  EXPECT_EQ(peer_of(make_address("::ffff:10.0.0.1")), "10.0.0.1");
  EXPECT_EQ(peer_of(make_address("10.0.0.1")), "10.0.0.1");
}

}  // namespace
}  // namespace worker::http
