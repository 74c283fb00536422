#pragma once

#include <iosfwd>
#include <string>

#include "queue/producer.h"
#include "queue/records.h"
#include "queue/redis_client.h"

namespace worker::cli {

/// What a command has once Redis can be reached. Outlives the command.
struct Session {
  queue::RedisClient& redis;
  queue::Producer& producer;
  queue::Records& records;
  std::ostream& out;
  bool terminal = false;       ///< whether `out` is one
  std::string no_redis;        ///< why there is none at all; only `check` goes on then
  std::string if_interrupted;  ///< what to say should the user press Ctrl-C from now on
};

}  // namespace worker::cli
