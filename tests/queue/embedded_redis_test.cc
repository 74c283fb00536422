#include "queue/embedded_redis.h"

#include <csignal>
#include <cstdint>
#include <fstream>
#include <future>
#include <optional>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "queue/redis_url.h"
#include "queue/unix_request.h"
#include "tests/support/redis_server.h"

namespace queue {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class EmbeddedRedisTest : public ::testing::Test {
 protected:
  EmbeddedRedisTest() : folder_(temp_.path() / "state" / "of ours") {}
  ~EmbeddedRedisTest() override {
    if (answers()) EmbeddedRedis last(folder_);
  }

  bool answers() const { return ask("PING") == "+PONG\r\n"; }
  std::string ask(const std::string& command) const { return unix_request(folder_ / "redis.sock", command + "\r\n"); }
  pid_t server() const {
    std::ifstream file(folder_ / "redis.pid");
    pid_t pid = 0;
    file >> pid;
    return pid;
  }
  /// The mask of those that were sent to the server and that it has blocked.
  std::uint64_t signals_held_up() const {
    std::ifstream status("/proc/" + std::to_string(server()) + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("ShdPnd:")) return std::stoull(line.substr(7), nullptr, 16);
    return 0;
  }
  std::string failure_to_start() const {
    try {
      EmbeddedRedis redis(folder_);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }

  test::TempFolder temp_;
  fs::path folder_;
};

TEST_F(EmbeddedRedisTest, StartsAPrivateServerAndTheLastOutStopsIt) {
  {
    const EmbeddedRedis redis(folder_);
    EXPECT_TRUE(answers());
    EXPECT_EQ(fs::status(folder_).permissions(), fs::perms::owner_all);
    EXPECT_EQ(fs::status(folder_ / "redis.sock").permissions() & fs::perms::all, fs::perms::owner_all);
    EXPECT_NE(ask("CONFIG GET appendfsync").find("always"), std::string::npos);
    EXPECT_NE(ask("CONFIG GET maxmemory-policy").find("noeviction"), std::string::npos);
    EXPECT_NE(ask("CONFIG GET port").find("\r\n0\r\n"), std::string::npos);
    EXPECT_NE(::getsid(server()), ::getsid(0)) << "a session of its own";
  }
  EXPECT_FALSE(answers());
  EXPECT_FALSE(fs::exists(folder_ / "redis.pid"));
}

TEST_F(EmbeddedRedisTest, IsSharedAndStaysUntilTheLastOneLeaves) {
  std::optional<EmbeddedRedis> first;
  first.emplace(folder_);
  const pid_t pid = server();
  {
    const EmbeddedRedis second(folder_);
    EXPECT_EQ(server(), pid);
    first.reset();
    EXPECT_TRUE(answers());
  }
  EXPECT_FALSE(answers());
}

TEST_F(EmbeddedRedisTest, KeepsWhatWasAcknowledged) {
  {
    const EmbeddedRedis redis(folder_);
    EXPECT_EQ(ask("SET kept 1"), "+OK\r\n");
  }
  {
    const EmbeddedRedis redis(folder_);
    EXPECT_EQ(ask("GET kept"), "$1\r\n1\r\n");
    ::kill(server(), SIGKILL);
    while (answers()) std::this_thread::yield();
  }
  const EmbeddedRedis redis(folder_);
  EXPECT_EQ(ask("GET kept"), "$1\r\n1\r\n");
}

TEST_F(EmbeddedRedisTest, AServerLeftBehindByAKilledUserIsAdopted) {
  const pid_t user = ::fork();
  if (user == 0) {
    const EmbeddedRedis redis(folder_);
    ::raise(SIGKILL);
  }
  ::waitpid(user, nullptr, 0);
  ASSERT_TRUE(answers());
  const pid_t pid = server();
  {
    const EmbeddedRedis redis(folder_);
    EXPECT_EQ(server(), pid);
  }
  EXPECT_FALSE(answers());
}

TEST_F(EmbeddedRedisTest, ManyThatStartAtTheSameMomentShareOneServer) {
  std::vector<pid_t> users;
  for (int i = 0; i < 8; ++i) {
    users.push_back(::fork());
    if (users.back() != 0) continue;
    try {
      for (int turn = 0; turn < 3; ++turn) {
        const EmbeddedRedis redis(folder_);
        if (!ask("INCR users").starts_with(':')) ::_exit(1);
      }
    } catch (const std::exception&) {
      ::_exit(2);
    }
    ::_exit(0);
  }
  for (const pid_t user : users) {
    int status = 0;
    ::waitpid(user, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }
  EXPECT_FALSE(answers());
  const EmbeddedRedis redis(folder_);
  EXPECT_EQ(ask("GET users"), "$2\r\n24\r\n") << "nobody had a server of his own";
}

TEST_F(EmbeddedRedisTest, AStaleSocketIsNoServer) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "redis.sock") << "left over";
  const EmbeddedRedis redis(folder_);
  EXPECT_TRUE(answers());
}

TEST_F(EmbeddedRedisTest, AServerWhoseSocketWasDeletedGetsNoSecondOneBesideIt) {
  std::optional<EmbeddedRedis> redis;
  redis.emplace(folder_);
  const pid_t pid = server();
  auto second = std::async(std::launch::async, [&] { return failure_to_start(); });
  EXPECT_EQ(second.get(), "");
  fs::rename(folder_ / "redis.sock", folder_ / "away");
  auto third = std::async(std::launch::async, [&] { return failure_to_start(); });
  EXPECT_EQ(third.wait_for(100ms), std::future_status::timeout);
  EXPECT_EQ(server(), pid);
  fs::rename(folder_ / "away", folder_ / "redis.sock");
  EXPECT_EQ(third.get(), "");
}

TEST_F(EmbeddedRedisTest, SaysWhyAServerDidNotStart) {
  fs::create_directories(folder_ / "appendonlydir");
  std::ofstream(folder_ / "appendonlydir" / "appendonly.aof.manifest") << "nonsense\n";
  const auto failure = failure_to_start();
  EXPECT_NE(failure.find("did not start in " + folder_.string()), std::string::npos) << failure;
  EXPECT_NE(failure.find("AOF"), std::string::npos) << failure;
}

TEST_F(EmbeddedRedisTest, ItsUrlLeadsToItsSocketWhateverTheFolderIsCalled) {
  folder_ = temp_.path() / "50% of? #my \xc3\xa9t\xc3\xa9/";
  const EmbeddedRedis redis(folder_);
  EXPECT_TRUE(redis.url().ends_with("/50%25%20of%3F%20%23my%20%C3%A9t%C3%A9/redis.sock")) << redis.url();
  EXPECT_EQ(parse_redis_url(redis.url()).servers.front().path, (folder_ / "redis.sock").string());
  EXPECT_EQ(fs::status(folder_).permissions(), fs::perms::owner_all);
}

TEST_F(EmbeddedRedisTest, ATermOrInterruptForTheWholeGroupDoesNotStopTheServer) {
  {
    const EmbeddedRedis redis(folder_);
    ASSERT_GT(server(), 0);
    for (const int signal : {SIGTERM, SIGINT}) ::kill(server(), signal);
    EXPECT_EQ(signals_held_up(), (1U << (SIGTERM - 1)) | (1U << (SIGINT - 1)));
    EXPECT_TRUE(answers());
  }
  EXPECT_FALSE(answers()) << "SHUTDOWN still stops it";
}

TEST_F(EmbeddedRedisTest, LeavesTheModeOfAFolderThatItFinds) {
  const auto readable = fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec;
  fs::create_directories(folder_);
  fs::permissions(folder_, readable);
  EXPECT_EQ(failure_to_start(), "");
  EXPECT_EQ(fs::status(folder_).permissions(), readable);
}

TEST_F(EmbeddedRedisTest, RefusesAFolderThatOthersMayWriteUnlessItWasUsedBefore) {
  const auto shared = fs::perms::all | fs::perms::sticky_bit;
  fs::create_directories(folder_);
  fs::permissions(folder_, shared);
  const auto failure = failure_to_start();
  EXPECT_NE(failure.find(folder_.string() + " may be written by others"), std::string::npos) << failure;
  EXPECT_EQ(fs::status(folder_).permissions(), shared);
  EXPECT_TRUE(fs::is_empty(folder_));

  std::ofstream(folder_ / "redis.lock").close();
  EXPECT_EQ(failure_to_start(), "");
}

TEST_F(EmbeddedRedisTest, SaysThatTheFolderCannotBeUsed) {
  std::ofstream(temp_.path() / "state") << "a file";
  EXPECT_NE(failure_to_start().find("cannot be made ours"), std::string::npos) << failure_to_start();
  folder_ = temp_.path() / std::string(100, 'x');
  EXPECT_NE(failure_to_start().find("too long"), std::string::npos) << failure_to_start();
}

TEST_F(EmbeddedRedisTest, SaysWhatToDoWhereNoRedisIsInstalled) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const auto failure = failure_to_start();
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_NE(failure.find("install it"), std::string::npos) << failure;
  EXPECT_NE(failure.find("--redis-url"), std::string::npos) << failure;
}

TEST(EmbeddedRedisFolder, ComesFromTheUrlOrTheEnvironment) {
  ::setenv("XDG_STATE_HOME", "/xdg", 1);
  ::unsetenv("STATE_DIRECTORY");
  EXPECT_EQ(EmbeddedRedis::directory_of("embedded:/d"), "/d");
  EXPECT_EQ(EmbeddedRedis::directory_of("embedded:"), "/xdg/set-accounts");
  ::setenv("STATE_DIRECTORY", "/var/lib/set-accounts:/other", 1);
  EXPECT_EQ(EmbeddedRedis::directory_of("embedded:"), "/var/lib/set-accounts");
  ::unsetenv("STATE_DIRECTORY");
  ::unsetenv("XDG_STATE_HOME");
  ::setenv("HOME", "/home/me", 1);
  EXPECT_EQ(EmbeddedRedis::directory_of("embedded:"), "/home/me/.local/state/set-accounts");
  EXPECT_TRUE(EmbeddedRedis::wanted("embedded:"));
  EXPECT_FALSE(EmbeddedRedis::wanted("redis://embedded:6379"));
}

}  // namespace
}  // namespace queue
