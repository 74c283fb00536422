#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/redis_process.h"

namespace test {

/// A primary, a replica and three Sentinels that watch them under the name `main`: real processes on 127.0.0.1. They
/// take a second and a half of silence for death.
class RedisSentinels {
 public:
  struct Options {
    std::vector<std::string> of_redis;     ///< lines for the files of primary and replica
    std::vector<std::string> of_sentinel;  ///< and of the Sentinels
  };
  explicit RedisSentinels(const Options& options = {});

  /// redis+sentinel://h:p,h:p,h:p/main; `login` is `user:password@`.
  std::string url(const std::string& login = {}) const;

  /// Whom most Sentinels name now.
  RedisProcess& primary();
  /// The other one.
  RedisProcess& replica();
  RedisProcess& sentinel(std::size_t i) { return *sentinels_.at(i); }

  /// Asks the Sentinels to exchange primary and replica, and waits until all of them tell so and the old one follows.
  void failover();
  /// Waits until all Sentinels that answer name another primary than this one, and it says so itself.
  void wait_until_promoted_instead_of(const RedisProcess& old);
  /// Waits until the replica has all that the primary has.
  void wait_until_replicated();

 private:
  int port_of_primary(const RedisProcess& sentinel) const;

  std::vector<std::unique_ptr<RedisProcess>> servers_;
  std::vector<std::unique_ptr<RedisProcess>> sentinels_;
};

}  // namespace test
