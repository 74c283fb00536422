#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "queue/clock.h"

namespace queue {

/// Redis' clock beside our own. It may leap forward: somebody sets it, or a failover brings that of another host. Then
/// all leases look over though their holders live.
class RedisTime {
 public:
  /// Redis' time in ms, by an answer: between `asked` and `answered` by our own clock. Whether more time than
  /// `tolerance` has passed there that did not pass here, since the last call.
  bool leapt(std::int64_t time, Clock::time_point asked, Clock::time_point answered, Clock::duration tolerance);

 private:
  std::optional<std::int64_t> last_;
  Clock::time_point last_asked_;
};

}  // namespace queue
