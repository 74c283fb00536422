#pragma once

#include <vector>

#include "config/settings.h"
#include "queue/redis_protocol.h"
#include "queue/redis_url.h"

namespace queue {

/// What --redis-url says, with the password of now: read before each connection, so that a new one in its file is used.
/// Throws BadRedisUrl, or std::runtime_error for a password file that cannot be read.
RedisUrl read_redis_url(const config::Redis& settings);

/// AUTH, where it is needed.
std::vector<Command> authentication(const RedisAddress& address);
/// AUTH and SELECT, where they are needed.
std::vector<Command> login_commands(const RedisAddress& address);

}  // namespace queue
