#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "config/url.h"
#include "queue/redis_url.h"

namespace {

/// Whoever reads the message must be able to give the same address again.
void must_be_usable(const queue::RedisAddress& address) {
  if (address.kind == queue::RedisAddress::Kind::unix_socket) {
    if (!address.path.starts_with('/')) std::abort();
    return;
  }
  const int port = std::stoi(address.port);
  if (address.host.empty() || port < 1 || port > 65535 || address.database < 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string url(reinterpret_cast<const char*>(bytes), size);
  static_cast<void>(config::is_redis_url(url));
  static_cast<void>(config::without_password(url));
  try {
    const auto read = queue::parse_redis_url(url);
    if (read.servers.empty()) std::abort();
    for (const auto& server : read.servers) must_be_usable(server);
  } catch (const queue::BadRedisUrl&) {
  }
  return 0;
}
