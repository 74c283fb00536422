#include "queue/overview.h"

#include <charconv>
#include <utility>

#include "queue/replies.h"
#include "queue/scripts.h"

namespace queue {
namespace {

/// What is no number was written by somebody else, and counts for nothing.
std::map<std::string, std::int64_t> numbers_of(const Reply& hash) {
  std::map<std::string, std::int64_t> numbers;
  for (const auto& [name, value] : fields_of(hash)) {
    std::int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    numbers.emplace(name, number);
  }
  return numbers;
}

}  // namespace

Awaitable<Overview> look_over(RedisClient& redis, std::string prefix) {
  const auto reply = co_await run_script(redis, scripts::overview, std::move(prefix), {});
  Overview overview;
  overview.jobs = numbers_of(reply.items.at(0));
  overview.inbox = reply.items.at(1).number;
  overview.workers = reply.items.at(2).number;
  overview.paused = reply.items.at(3).number == 1;
  const std::int64_t wait = reply.items.at(4).number;
  if (wait >= 0) overview.longest_wait = std::chrono::milliseconds(wait);
  overview.unaudited = reply.items.at(5).number;
  overview.now = reply.items.at(6).number;
  co_return overview;
}

}  // namespace queue
