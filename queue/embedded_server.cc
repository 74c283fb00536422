#include "queue/embedded_server.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

#include "queue/file_lock.h"
#include "queue/unix_request.h"

namespace queue {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto answer_limit = 60s;  ///< a large append-only file takes its time to load
constexpr auto stop_limit = 10s;
constexpr auto look_again = 5ms;

std::string reason(const std::error_code& error) {
  return error.message();
}

/// Nothing that was acknowledged is lost; nobody but us reaches it; it outlives us, without our terminal.
std::vector<std::string> server_arguments(const fs::path& folder, const fs::path& socket) {
  return {"redis-server", "--port", "0", "--unixsocket", socket.string(), "--unixsocketperm", "700", "--dir",
          folder.string(), "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--maxmemory-policy",
          "noeviction",
          // A record's output is longer than the 64 bytes up to which Redis keeps a hash in one piece, half the size.
          // (The name is that of Redis 6.2; newer ones know it too.)
          "--hash-max-ziplist-value", "4096", "--daemonize", "yes", "--pidfile", (folder / "redis.pid").string(),
          "--logfile", (folder / "redis.log").string()};
}

/// A supervisor that ends a service signals all of its processes at once. The server must outlast the worker, which
/// still hands its jobs back; Redis 7.0 keeps the mask it starts with, and stop() uses SHUTDOWN.
void block_polite_signals(posix_spawnattr_t& attributes) {
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGINT);
  ::posix_spawnattr_setsigmask(&attributes, &blocked);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
}

/// The server gets the descriptor of its lock and becomes a daemon; its first process ends at once.
int spawn_server(std::vector<std::string> arguments, int lock_descriptor) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, lock_descriptor, lock_descriptor);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  block_polite_signals(attributes);
  pid_t pid = -1;
  const int failed = ::posix_spawnp(&pid, argv.front(), &actions, &attributes, argv.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed == ENOENT)
    throw std::runtime_error(
        "redis-server is not installed: install it (Debian: apt install redis-server), or give the --redis-url of a "
        "Redis that runs");
  if (failed != 0)
    throw std::runtime_error("redis-server cannot be started: " + std::generic_category().message(failed));
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

fs::path without_last_slash(const fs::path& folder) {
  return folder.has_filename() ? folder : folder.parent_path();
}

/// Whether it was made, by us alone and for us alone; an existing one is left as it is.
bool make_private(const fs::path& folder, std::error_code& error) {
  fs::create_directories(folder.parent_path(), error);
  if (error) return false;
  if (::mkdir(folder.c_str(), S_IRWXU) == 0) return true;
  if (errno != EEXIST)
    error.assign(errno, std::generic_category());
  else if (!fs::is_directory(folder, error) && !error)
    error = std::make_error_code(std::errc::not_a_directory);
  return false;
}

/// Such as /tmp: what others may write they could also replace under us.
bool belongs_to_others(const fs::path& folder, std::error_code& error) {
  const auto written_by_others = fs::perms::group_write | fs::perms::others_write;
  const auto permissions = fs::status(folder, error).permissions();
  return !error && (permissions & written_by_others) != fs::perms::none && !fs::exists(folder / "redis.lock", error);
}

}  // namespace

EmbeddedServer::EmbeddedServer(const fs::path& folder) : folder_(without_last_slash(folder)) {
  if (socket().string().size() >= sizeof(sockaddr_un::sun_path))
    throw std::runtime_error("the folder " + folder_.string() +
                             " is too long a name for a unix socket in it: " + socket().string() +
                             " must be shorter than " + std::to_string(sizeof(sockaddr_un::sun_path)) + " characters");
  std::error_code error;
  const bool made = make_private(folder_, error);
  const bool foreign = !error && !made && belongs_to_others(folder_, error);
  if (foreign)
    throw std::runtime_error("the folder " + folder_.string() +
                             " may be written by others, so it is no place for the embedded Redis: give a folder that "
                             "does not exist yet, such as " +
                             (folder_ / "set-accounts").string() + ", or take their right away (chmod go-w)");
  if (error)
    throw std::runtime_error("the folder " + folder_.string() +
                             " of the embedded Redis cannot be made ours: " + reason(error));
}

bool EmbeddedServer::answers() const {
  return unix_request(socket(), "PING\r\n").starts_with("+PONG");
}

bool EmbeddedServer::lives() const {
  FileLock its_own(folder_ / "redis.lock");
  return !its_own.try_shared();
}

void EmbeddedServer::start_or_adopt() const {
  if (!lives()) start();
  wait_until_it_answers();
}

void EmbeddedServer::stop() const {
  unix_request(socket(), "SHUTDOWN\r\n");
  const auto until = Clock::now() + stop_limit;
  while (lives() && Clock::now() < until) std::this_thread::sleep_for(look_again);
}

void EmbeddedServer::start() const {
  std::error_code ignored;
  fs::remove(socket(), ignored);
  FileLock its_own(folder_ / "redis.lock");
  if (!its_own.try_alone()) throw std::runtime_error("another redis-server begins to use " + folder_.string());
  const int status = spawn_server(server_arguments(folder_, socket()), its_own.descriptor());
  if (status != 0)
    throw std::runtime_error("redis-server did not start in " + folder_.string() + ": " + last_log_line());
}

void EmbeddedServer::wait_until_it_answers() const {
  const auto until = Clock::now() + answer_limit;
  while (!answers()) {
    if (!lives())
      throw std::runtime_error("redis-server did not start in " + folder_.string() + ": " + last_log_line());
    if (Clock::now() > until)
      throw std::runtime_error(
          "the redis-server in " + folder_.string() + " does not answer; look at " + (folder_ / "redis.log").string() +
          ", and stop it if it hangs, with kill -KILL: its process id is in " + (folder_ / "redis.pid").string());
    std::this_thread::sleep_for(look_again);
  }
}

std::string EmbeddedServer::last_log_line() const {
  std::ifstream log(folder_ / "redis.log");
  std::string last = "it left no log";
  for (std::string line; std::getline(log, line);)
    if (!line.empty()) last = line;
  return last;
}

}  // namespace queue
