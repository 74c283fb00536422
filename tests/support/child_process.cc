#include "tests/support/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
    read_end = ends[0];
    write_end = ends[1];
  }
  int read_end;
  int write_end;
};

/// That we ignore SIGPIPE is no business of the child.
class SignalsAsUsual {
 public:
  SignalsAsUsual() {
    sigset_t pipe;
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setsigdefault(&attributes_, &pipe);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  ~SignalsAsUsual() { ::posix_spawnattr_destroy(&attributes_); }
  SignalsAsUsual(const SignalsAsUsual&) = delete;
  SignalsAsUsual& operator=(const SignalsAsUsual&) = delete;
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    if (!added.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  for (const auto& [name, value] : added)
    if (!value.empty()) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

void close_if_open(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

/// Appends what is there; closes at the end of the stream.
void read_into(std::string& text, int& fd) {
  std::array<char, 65536> buffer{};
  const auto length = ::read(fd, buffer.data(), buffer.size());
  if (length > 0)
    text.append(buffer.data(), static_cast<std::size_t>(length));
  else if (length == 0 || (errno != EAGAIN && errno != EINTR))
    close_if_open(fd);
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> arguments, std::map<std::string, std::string> environment) {
  ::signal(SIGPIPE, SIG_IGN);
  const Pipe in, out, err;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.read_end, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.write_end, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.write_end, STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);  // a test's sockets are not the program's
  const SignalsAsUsual signals;
  auto variables = merged_environment(environment);
  const int failed = ::posix_spawnp(&pid_, arguments.at(0).c_str(), &actions, signals.attributes(),
                                    pointers(arguments).data(), pointers(variables).data());
  ::posix_spawn_file_actions_destroy(&actions);
  for (const int end : {in.read_end, out.write_end, err.write_end}) ::close(end);
  in_fd_ = in.write_end;
  out_fd_ = out.read_end;
  err_fd_ = err.read_end;
  for (const int end : {in_fd_, out_fd_, err_fd_}) ::fcntl(end, F_SETFL, O_NONBLOCK);
  if (failed != 0) throw std::system_error(failed, std::generic_category(), arguments[0]);
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0 && !reap()) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (int* fd : {&in_fd_, &out_fd_, &err_fd_}) close_if_open(*fd);
}

void ChildProcess::feed(const std::string& input) {
  unfed_ += input;
  while (!unfed_.empty() && in_fd_ >= 0 && pump(Clock::now() + 50ms)) {
  }
}

void ChildProcess::close_stdin() {
  close_if_open(in_fd_);
}

void ChildProcess::signal(int number) {
  if (!reap()) ::kill(pid_, number);
}

int ChildProcess::wait(std::chrono::milliseconds limit) {
  const auto until = Clock::now() + limit;
  while (!reap()) {
    if (Clock::now() > until) throw std::runtime_error("the program did not end in time; it said: " + out_ + err_);
    if (!pump(Clock::now() + 10ms)) ::poll(nullptr, 0, 2);
  }
  while (pump(Clock::now()) && Clock::now() < until) {
  }
  return exit_code_;
}

bool ChildProcess::wait_for_output(const std::string& text, std::chrono::milliseconds limit) {
  const auto until = Clock::now() + limit;
  const auto said = [&] { return out_.find(text) != std::string::npos || err_.find(text) != std::string::npos; };
  const auto may_say_more = [&] { return out_fd_ >= 0 || err_fd_ >= 0; };
  while (!said() && may_say_more() && Clock::now() < until) pump(std::min(until, Clock::now() + 50ms));
  return said();
}

bool ChildProcess::running() {
  return !reap();
}

bool ChildProcess::pump(TimePoint until) {
  std::array<pollfd, 3> fds{{{out_fd_, POLLIN, 0}, {err_fd_, POLLIN, 0}, {unfed_.empty() ? -1 : in_fd_, POLLOUT, 0}}};
  if (out_fd_ < 0 && err_fd_ < 0) return false;
  const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
  const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(std::max<std::int64_t>(0, time.count())));
  if (ready <= 0) return Clock::now() < until || ready > 0;
  if (fds[0].revents != 0) read_into(out_, out_fd_);
  if (fds[1].revents != 0) read_into(err_, err_fd_);
  if (fds[2].revents != 0) {
    const auto written = ::write(in_fd_, unfed_.data(), unfed_.size());
    if (written > 0) unfed_.erase(0, static_cast<std::size_t>(written));
    if (written < 0 && errno != EAGAIN) close_if_open(in_fd_);
  }
  return true;
}

/// Whether it is over by now.
bool ChildProcess::reap() {
  if (pid_ <= 0 || exit_code_ >= 0) return true;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

}  // namespace test
