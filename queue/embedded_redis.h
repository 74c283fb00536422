#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace queue {

/// A private redis-server in a folder of its own: DIR/redis.sock, append-only file, `appendfsync always`, no TCP port,
/// mode 0700. Its users hold a shared flock on DIR/lock; starting, taking over and stopping need it exclusive, since
/// two servers on one append-only file would ruin it. The last user out stops it; one left behind by a killed user is
/// adopted.
class EmbeddedRedis {
 public:
  /// Starts or joins the server; returns when it answers. Throws std::runtime_error with a sentence for the operator
  /// (no redis-server installed, folder not writable, …). Blocks: call it before the event loop turns.
  explicit EmbeddedRedis(std::filesystem::path directory);
  ~EmbeddedRedis();
  EmbeddedRedis(const EmbeddedRedis&) = delete;
  EmbeddedRedis& operator=(const EmbeddedRedis&) = delete;

  /// unix:///DIR/redis.sock
  std::string url() const;
  /// Whether it was this user that started it: no worker had.
  bool started() const;

  /// Whether a --redis-url asks for an embedded server.
  static bool wanted(const std::string& redis_url);
  /// The folder of `embedded:[DIR]`: DIR, else $STATE_DIRECTORY, else $XDG_STATE_HOME/set-accounts, else
  /// $HOME/.local/state/set-accounts.
  static std::filesystem::path directory_of(const std::string& redis_url);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace queue
