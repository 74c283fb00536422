#include "tests/support/redis_server.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace test {
namespace {

using namespace std::chrono_literals;

constexpr auto start_limit = 10s;

/// Whether a PING over the socket is answered with +PONG.
bool answers(const std::filesystem::path& socket_path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket_path.c_str(), sizeof(address.sun_path) - 1);
  constexpr std::string_view ping = "PING\r\n";
  char answer[5] = {};
  const bool pong = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
                    ::write(fd, ping.data(), ping.size()) == static_cast<ssize_t>(ping.size()) &&
                    ::read(fd, answer, sizeof(answer)) == sizeof(answer) && std::memcmp(answer, "+PONG", 5) == 0;
  ::close(fd);
  return pong;
}

}  // namespace

pid_t spawn_redis_server(std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);  // a test's sockets are not Redis's
  pid_t pid = -1;
  const int failed = ::posix_spawnp(&pid, "redis-server", &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::system_error(failed, std::generic_category(), "redis-server");
  return pid;
}

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "set-accounts-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "mkdtemp " + name);
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

RedisServer::RedisServer(std::vector<std::string> options) : options_(std::move(options)) {
  start();
}

RedisServer::~RedisServer() {
  if (pid_ > 0) kill();
}

std::string RedisServer::url() const {
  return "unix://" + socket().string();
}

std::filesystem::path RedisServer::socket() const {
  return folder_.path() / "redis.sock";
}

void RedisServer::kill() {
  if (pid_ <= 0) return;  // -1 would be everybody
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisServer::restart() {
  if (pid_ > 0) kill();
  start();
}

void RedisServer::stop() {
  if (pid_ > 0) ::kill(pid_, SIGSTOP);
}

void RedisServer::go_on() {
  if (pid_ > 0) ::kill(pid_, SIGCONT);
}

void RedisServer::start() {
  std::vector<std::string> arguments{"redis-server",
                                     "--port",
                                     "0",
                                     "--unixsocket",
                                     socket(),
                                     "--dir",
                                     folder_.path(),
                                     "--appendonly",
                                     "yes",
                                     "--appendfsync",
                                     "always",
                                     "--save",
                                     "",
                                     "--logfile",
                                     folder_.path() / "redis.log"};
  arguments.insert(arguments.end(), options_.begin(), options_.end());
  pid_ = spawn_redis_server(std::move(arguments));
  wait_until_it_answers();
}

void RedisServer::wait_until_it_answers() const {
  const auto limit = std::chrono::steady_clock::now() + start_limit;
  while (!answers(socket())) {
    if (std::chrono::steady_clock::now() > limit) throw std::runtime_error("redis-server does not answer");
    std::this_thread::sleep_for(2ms);
  }
}

}  // namespace test
