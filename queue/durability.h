#pragma once

#include <chrono>
#include <span>
#include <string_view>
#include <vector>

#include "queue/redis_protocol.h"

namespace queue {

/// What this Redis can promise about writes, by its INFO.
struct Durability {
  bool append_only_acknowledged = false;  ///< an append-only file is on, and WAITAOF is known (Redis 7.2)
  bool replicas = false;                  ///< at least one is connected and online
  bool operator==(const Durability&) const = default;
};

/// `info`: sections server, persistence and replication.
Durability durability_of(std::string_view info);

/// The commands that, sent right behind a write on the same connection, wait until the write is as durable as this
/// Redis can make it; none where it can promise nothing.
std::vector<Command> wait_commands(Durability durability, std::chrono::milliseconds limit);

/// Whether the replies to those commands, in their order, acknowledge the write.
bool acknowledged(Durability durability, std::span<const Reply> replies);

}  // namespace queue
