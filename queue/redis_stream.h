#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "config/settings.h"
#include "queue/awaitable.h"
#include "queue/redis_url.h"

namespace queue {

/// Bytes to and from one Redis, over whatever transport. One read and one write may be under way at once.
class RedisStream {
 public:
  virtual ~RedisStream() = default;
  /// Resolves, connects, shakes hands. Throws boost::system::system_error; has no limit of its own: close() ends it.
  virtual Awaitable<void> connect() = 0;
  /// At least one byte. Throws boost::system::system_error, also at the end of the stream.
  virtual Awaitable<std::size_t> read_some(std::span<char> buffer) = 0;
  /// All of it; `bytes` stays untouched until then.
  virtual Awaitable<void> write(const std::string& bytes) = 0;
  /// Ends everything that is under way. May be called more than once.
  virtual void close() = 0;
};

/// Not connected yet. Throws boost::system::system_error or std::runtime_error for certificates that cannot be used.
std::unique_ptr<RedisStream> make_redis_stream(Executor executor, const RedisAddress& address,
                                               const config::Redis& settings);

}  // namespace queue
