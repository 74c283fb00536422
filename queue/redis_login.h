#pragma once

#include <vector>

#include "config/settings.h"
#include "queue/redis_protocol.h"
#include "queue/redis_url.h"

namespace queue {

/// Where Redis is now and how to log in: asked before each connection, so that a new password in its file is used.
/// Throws BadRedisUrl, or std::runtime_error for a password file that cannot be read.
RedisAddress find_redis(const config::Redis& settings);

/// AUTH and SELECT, where they are needed.
std::vector<Command> login_commands(const RedisAddress& address);

}  // namespace queue
