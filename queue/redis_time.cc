#include "queue/redis_time.h"

#include <utility>

namespace queue {

bool RedisTime::leapt(std::int64_t time, Clock::time_point asked, Clock::time_point answered,
                      Clock::duration tolerance) {
  const auto passed_here = answered - std::exchange(last_asked_, asked);
  const auto before = std::exchange(last_, time);
  return before && std::chrono::milliseconds(time - *before) > passed_here + tolerance;
}

}  // namespace queue
