#include "tests/chaos/redis.h"

#include <stdexcept>
#include <utility>

namespace chaos {

void LoneRedis::recover() {
  if (server_.pid() > 0) {
    server_.go_on();
  } else {
    server_.restart();
  }
}

bool SentinelRedis::is_well() {
  try {
    return sentinels_.primary().ask({"INFO", "replication"}).text.find("state=online") != std::string::npos;
  } catch (const std::runtime_error&) {
    return false;
  }
}

void SentinelRedis::kill() {
  troubled_ = &sentinels_.primary();
  troubled_->kill();
}

void SentinelRedis::freeze() {
  troubled_ = &sentinels_.primary();
  troubled_->stop();
}

/// They may refuse, being busy with another one: then that one is what happens.
void SentinelRedis::fail_over() {
  sentinels_.sentinel(0).ask({"SENTINEL", "FAILOVER", "main"});
}

void SentinelRedis::recover() {
  test::RedisProcess* server = std::exchange(troubled_, nullptr);
  if (server == nullptr) return;
  if (server->pid() > 0) {
    server->go_on();
  } else {
    server->restart();
  }
}

}  // namespace chaos
