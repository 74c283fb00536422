#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace queue {

/// Where one Redis is and how to log in to it.
struct RedisAddress {
  enum class Kind { tcp, tls, unix_socket };
  Kind kind = Kind::tcp;
  std::string host = "localhost";
  std::string port = "6379";
  std::string path;  ///< of the unix socket
  std::string user;
  std::string password;
  int database = 0;

  /// For messages: redis://host:port, unix:///path. Without the login.
  std::string where() const;
  bool operator==(const RedisAddress&) const = default;
};

/// What --redis-url says.
struct RedisUrl {
  std::vector<RedisAddress> servers;  ///< one, or several nodes of a cluster, or the Sentinels; each with the login
  std::string primary;                ///< its name among the Sentinels; empty: `servers` are no Sentinels
};

/// The URL cannot be used; the message says why, for an operator, and never shows the URL: it may hold a password.
struct BadRedisUrl : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// redis://[user[:password]@]host[:port][,host[:port]…][/database], rediss://…,
/// redis+sentinel://[user[:password]@]host[:port][,host[:port]…]/primary[/database], rediss+sentinel://…,
/// unix://[user[:password]@]/path[?db=database]. Throws BadRedisUrl.
RedisUrl parse_redis_url(const std::string& url);

}  // namespace queue
