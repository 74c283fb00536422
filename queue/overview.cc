#include "queue/overview.h"

#include <utility>

#include "queue/keys.h"
#include "queue/redis_client.h"
#include "queue/replies.h"
#include "queue/scripts.h"

namespace queue {
namespace {

/// TIME: seconds and microseconds.
std::int64_t milliseconds_of(const Reply& time) {
  if (time.items.size() < 2) return 0;
  return std::stoll(time.items[0].text) * 1000 + std::stoll(time.items[1].text) / 1000;
}

}  // namespace

Awaitable<Overview> look_at_queue(RedisClient& redis, std::string queue_name) {
  const std::string prefix = prefix_of(queue_name);
  std::vector<Command> commands{{"HGETALL", prefix + ":stats"},
                                {"XLEN", prefix + ":inbox"},
                                {"EXISTS", prefix + ":paused"},
                                {"ZRANGE", prefix + ":workers", "0", "-1"},
                                {"TIME"}};
  const auto replies = co_await redis.pipeline(commands);
  for (std::size_t i = 0; i < replies.size(); ++i) refuse_error(replies[i], commands[i].front());
  Overview overview;
  for (auto& [name, value] : fields_of(replies[0])) overview.stats.emplace(name, value);
  overview.in_inbox = static_cast<std::uint64_t>(replies[1].number);
  overview.paused = replies[2].number == 1;
  overview.workers = texts_of(replies[3]);
  overview.redis_time = milliseconds_of(replies[4]);
  co_return overview;
}

}  // namespace queue
