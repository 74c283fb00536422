#pragma once

#include <chrono>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace test {

/// A program that a test runs. Its stdout and stderr are read whenever one of the calls below waits, so it never blocks
/// on a full pipe while the test waits for it. Killed at the end if it still runs.
class ChildProcess {
 public:
  /// `arguments[0]` is the program, looked up in PATH. `environment` is added to ours (an empty value removes one).
  explicit ChildProcess(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {});
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Writes all of it to stdin, however much the program writes meanwhile.
  void feed(const std::string& input);
  void close_stdin();
  void signal(int number);

  /// Waits until it is over; the exit code, or 128 + the signal that ended it. Throws std::runtime_error after `limit`.
  int wait(std::chrono::milliseconds limit = std::chrono::seconds(30));
  /// Waits until what it has written to stdout or stderr contains `text`; whether it does within `limit`.
  bool wait_for_output(const std::string& text, std::chrono::milliseconds limit = std::chrono::seconds(30));
  bool running();

  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }
  pid_t pid() const { return pid_; }

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// Moves bytes for a moment; false when neither stdout nor stderr is open any more.
  bool pump(TimePoint until);
  bool reap();

  pid_t pid_ = -1;
  int in_fd_ = -1;
  int out_fd_ = -1;
  int err_fd_ = -1;
  std::string unfed_;
  std::string out_;
  std::string err_;
  int exit_code_ = -1;
};

}  // namespace test
