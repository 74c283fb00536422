#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

#include "queue/redis_protocol.h"
#include "tests/support/redis_server.h"

namespace test {

/// A port of 127.0.0.1 that nobody listens on; the kernel chooses.
int free_port();

/// A redis-server (or, with {"--sentinel"}, a Sentinel) on 127.0.0.1, on a port of its own for all its lives. Gone with
/// its folder at the end.
class RedisProcess {
 public:
  /// `settings`: the lines of its file, `NAME VALUE`. Starts it; throws std::runtime_error if it does not answer.
  explicit RedisProcess(std::vector<std::string> settings = {}, std::vector<std::string> options = {});
  ~RedisProcess();
  RedisProcess(const RedisProcess&) = delete;
  RedisProcess& operator=(const RedisProcess&) = delete;

  int port() const { return port_; }
  std::string host_and_port() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string url() const { return "redis://" + host_and_port(); }
  pid_t pid() const { return pid_; }

  /// Asks on a connection of its own. Throws std::runtime_error without an answer within ten seconds.
  queue::Reply ask(const queue::Command& command) const;

  /// Whether it does so, whatever it says; not when it was killed or stopped.
  bool answers() const;

  /// Waits until its replica says that it has all that was written until now. (WAIT on a connection of one's own speaks
  /// of what that connection wrote: nothing.)
  void wait_until_replicated() const;

  /// SIGKILL, and waits until it is gone.
  void kill();
  /// Starts it again with what it has in its folder.
  void restart();
  /// SIGSTOP: it takes connections and bytes, and answers nothing.
  void stop();
  void go_on();

 private:
  void write_file(const std::vector<std::string>& settings) const;
  void start();
  bool over();

  TempFolder folder_;
  std::vector<std::string> options_;
  int port_ = 0;
  pid_t pid_ = -1;
  bool stopped_ = false;
};

}  // namespace test
