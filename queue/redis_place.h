#pragma once

#include <string>

#include "queue/redis_url.h"

namespace queue {

/// The server that a client found last, and how.
struct RedisPlace {
  enum class Kind { alone, by_sentinels, in_cluster };
  Kind kind = Kind::alone;
  RedisAddress address;
  std::string primary;  ///< its name among the Sentinels
};

}  // namespace queue
