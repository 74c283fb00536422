#pragma once

#include <stdexcept>
#include <string>

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
};

/// The URL cannot be used; the message says why, for an operator, and never shows the URL: it may hold a password.
struct BadRedisUrl : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// redis://[user[:password]@]host[:port][/database], rediss://…, unix://[user[:password]@]/path[?db=database].
/// Throws BadRedisUrl.
RedisAddress parse_redis_url(const std::string& url);

}  // namespace queue
