#include "tests/support/redis_process.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include "tests/support/wait_until.h"

namespace test {
namespace {

using namespace std::chrono_literals;

constexpr auto start_limit = 15s;

/// Between asking the kernel for a free port and listening on it somebody else may have it.
struct PortTaken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Socket {
 public:
  Socket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "socket");
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

sockaddr_in local(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

long number_after(const std::string& text, const std::string& name) {
  const auto at = text.find(name);
  return at == std::string::npos ? -1 : std::stol(text.substr(at + name.size()));
}

}  // namespace

int free_port() {
  const Socket socket;
  sockaddr_in address = local(0);
  socklen_t length = sizeof(address);
  if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &length) != 0)
    throw std::system_error(errno, std::generic_category(), "bind");
  return ntohs(address.sin_port);
}

RedisProcess::RedisProcess(std::vector<std::string> settings, std::vector<std::string> options)
    : options_(std::move(options)) {
  for (int tries_left = 9; pid_ < 0; --tries_left) {
    port_ = free_port();
    write_file(settings);
    try {
      start();
    } catch (const PortTaken&) {
      if (tries_left == 0) throw;
    }
  }
}

RedisProcess::~RedisProcess() {
  if (pid_ > 0) kill();
}

queue::Reply RedisProcess::ask(const queue::Command& command) const {
  const Socket socket;
  const sockaddr_in address = local(port_);
  if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    throw std::runtime_error("nobody listens on " + host_and_port());
  std::string bytes;
  queue::format_command(command, bytes);
  if (::send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
    throw std::runtime_error(host_and_port() + " does not listen");
  queue::ReplyParser parser;
  for (std::array<char, 4096> buffer{};;) {
    auto reply = parser.next();
    if (reply) return std::move(*reply);
    const auto length = ::recv(socket.fd(), buffer.data(), buffer.size(), 0);
    if (length <= 0) throw std::runtime_error(host_and_port() + " does not answer " + command.at(0));
    parser.feed({buffer.data(), static_cast<std::size_t>(length)});
  }
}

void RedisProcess::wait_until_replicated() const {
  const long written = number_after(ask({"INFO", "replication"}).text, "master_repl_offset:");
  wait_until("the replica has everything", [&] {
    const std::string info = ask({"INFO", "replication"}).text;
    return info.find("state=online") != std::string::npos && number_after(info, ",offset=") >= written;
  });
}

void RedisProcess::kill() {
  if (pid_ <= 0) return;  // -1 would be everybody
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
  stopped_ = false;
}

void RedisProcess::restart() {
  if (pid_ > 0) kill();
  start();
}

void RedisProcess::stop() {
  if (pid_ > 0) ::kill(pid_, SIGSTOP);
  stopped_ = true;
}

void RedisProcess::go_on() {
  if (pid_ > 0) ::kill(pid_, SIGCONT);
  stopped_ = false;
}

void RedisProcess::write_file(const std::vector<std::string>& settings) const {
  std::ofstream file(folder_.path() / "redis.conf");
  file << "port " << port_ << "\nbind 127.0.0.1\ndir " << folder_.path().string()
       << "\nlogfile redis.log\ndaemonize no\n";
  for (const auto& line : settings) file << line << '\n';
}

void RedisProcess::start() {
  std::vector<std::string> arguments{"redis-server", folder_.path() / "redis.conf"};
  arguments.insert(arguments.end(), options_.begin(), options_.end());
  pid_ = spawn_redis_server(std::move(arguments));
  const auto limit = std::chrono::steady_clock::now() + start_limit;
  while (!answers()) {
    if (over()) throw PortTaken("redis-server ended: is port " + std::to_string(port_) + " taken?");
    if (std::chrono::steady_clock::now() > limit) throw std::runtime_error("redis-server does not answer");
    std::this_thread::sleep_for(2ms);
  }
}

bool RedisProcess::answers() const {
  if (pid_ <= 0 || stopped_) return false;
  try {
    const auto reply = ask({"PING"});
    return reply.text == "PONG" || reply.text.starts_with("NOAUTH") || reply.text.starts_with("MASTERDOWN");
  } catch (const std::runtime_error&) {
    return false;
  }
}

bool RedisProcess::over() {
  if (::waitpid(pid_, nullptr, WNOHANG) != pid_) return false;
  pid_ = -1;
  return true;
}

}  // namespace test
