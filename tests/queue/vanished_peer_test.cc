#include <fstream>
#include <sstream>

#include "tests/queue/links_fixture.h"
#include "tests/support/redis_process.h"

namespace test {
namespace {

/// How long the kernel will wait before it asks after a silent peer on that port, as /proc/net/tcp tells it for our end
/// of the connection; nothing if it never will.
std::optional<std::chrono::milliseconds> asks_after_silence_of(int port) {
  constexpr std::string_view keepalive = "02:";
  constexpr std::chrono::milliseconds tick{10};
  std::ostringstream remote;
  remote << std::hex << std::uppercase << "0100007F:" << port;
  std::ifstream table("/proc/net/tcp");
  for (std::string line; std::getline(table, line);) {
    std::istringstream fields(line);
    std::string number, local, peer, state, queues, timer;
    fields >> number >> local >> peer >> state >> queues >> timer;
    if (peer == remote.str() && state == "01" && timer.starts_with(keepalive))
      return std::stol(timer.substr(keepalive.size()), nullptr, 16) * tick;
  }
  return std::nullopt;
}

TEST(VanishedPeer, IsAskedAfterWithinSeconds) {
  const RedisProcess server;
  Linked redis(server.url());
  EXPECT_EQ(redis.text({"PING"}), "PONG");
  const auto asks = asks_after_silence_of(server.port());
  ASSERT_TRUE(asks);
  EXPECT_LE(*asks, 10s);
}

}  // namespace
}  // namespace test
