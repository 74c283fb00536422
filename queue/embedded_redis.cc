#include "queue/embedded_redis.h"

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <thread>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/pchars.hpp>

#include "queue/embedded_server.h"
#include "queue/file_lock.h"

namespace queue {
namespace {

using namespace std::chrono_literals;

constexpr auto join_limit = 90s;  ///< more than a server may take to load and answer
constexpr auto try_lock_again = 5ms;
constexpr std::string_view scheme = "embedded:";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

struct EmbeddedRedis::Parts {
  explicit Parts(const std::filesystem::path& folder) : server(folder), users(folder / "lock") {}
  EmbeddedServer server;
  FileLock users;
  bool started = false;
};

/// Whoever holds the lock alone may start or take over. The others get it shared as soon as that one is done, and
/// either find the server or try themselves.
EmbeddedRedis::EmbeddedRedis(std::filesystem::path directory)
    : parts_(std::make_unique<Parts>(std::filesystem::absolute(directory))) {
  auto& [server, users, started] = *parts_;
  const auto until = std::chrono::steady_clock::now() + join_limit;
  while (std::chrono::steady_clock::now() < until) {
    if (users.try_alone()) {
      started = started || !server.lives();
      server.start_or_adopt();
    }
    if (users.try_shared() && server.answers()) return;
    users.release();
    std::this_thread::sleep_for(try_lock_again);
  }
  throw std::runtime_error("the embedded Redis at " + server.socket().string() +
                           " neither answers nor can be started: another process has held its lock for too long");
}

EmbeddedRedis::~EmbeddedRedis() {
  if (parts_->users.try_alone()) parts_->server.stop();
}

std::string EmbeddedRedis::url() const {
  return "unix://" + boost::urls::encode(parts_->server.socket().string(), boost::urls::pchars + '/');
}

bool EmbeddedRedis::started() const {
  return parts_->started;
}

bool EmbeddedRedis::wanted(const std::string& redis_url) {
  return redis_url.starts_with(scheme);
}

std::filesystem::path EmbeddedRedis::directory_of(const std::string& redis_url) {
  if (wanted(redis_url) && redis_url.size() > scheme.size()) return redis_url.substr(scheme.size());
  if (const auto state = environment("STATE_DIRECTORY"); !state.empty()) return state.substr(0, state.find(':'));
  if (const auto state = environment("XDG_STATE_HOME"); !state.empty())
    return std::filesystem::path(state) / "set-accounts";
  if (const auto home = environment("HOME"); !home.empty())
    return std::filesystem::path(home) / ".local" / "state" / "set-accounts";
  throw std::runtime_error("no folder for the embedded Redis: give one, --redis-url embedded:/var/lib/set-accounts");
}

}  // namespace queue
