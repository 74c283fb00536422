#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace test {

/// A folder of one's own, removed at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Starts redis-server; `arguments` begin with its name. Throws std::system_error.
pid_t spawn_redis_server(std::vector<std::string> arguments);

/// A private redis-server on a unix socket in a temp folder, append-only file on, fsync always: nothing acknowledged is
/// lost when it is killed. Gone with its folder at the end.
class RedisServer {
 public:
  /// `options`: more arguments, as {"--maxmemory", "50mb"}. Starts it; throws std::runtime_error if it does not answer.
  explicit RedisServer(std::vector<std::string> options = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  /// unix:///…/redis.sock; the same after a restart.
  std::string url() const;
  std::filesystem::path socket() const;

  /// SIGKILL, and waits until it is gone.
  void kill();
  /// Starts it again with what its append-only file has.
  void restart();
  /// SIGSTOP: it takes connections and bytes, and answers nothing.
  void stop();
  void go_on();
  pid_t pid() const { return pid_; }

 private:
  void start();
  void wait_until_it_answers() const;

  TempFolder folder_;
  std::vector<std::string> options_;
  pid_t pid_ = -1;
};

}  // namespace test
