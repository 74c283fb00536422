#pragma once

#include <chrono>
#include <memory>
#include <random>
#include <string>

#include "config/settings.h"
#include "queue/awaitable.h"
#include "queue/clock.h"
#include "queue/redis_conversation.h"
#include "queue/redis_whereabouts.h"

namespace queue {

/// What moves publish on {Q}:events, told as it comes, over a connection of its own. Nobody keeps what is published
/// while there is no connection: then the listener may have missed something, and subscribed() says so.
class EventSubscription {
 public:
  struct Listener {
    virtual ~Listener() = default;
    /// From now on every message is heard; some before it may have been missed.
    virtual void subscribed() = 0;
    virtual void heard(std::string message) = 0;
    /// Nothing is heard until subscribed() is called again; why, for an operator. Told each time it is tried in vain.
    virtual void interrupted(const std::string& why) = 0;
  };
  struct Limits {
    std::chrono::milliseconds silence = std::chrono::seconds(5);   ///< then Redis is asked whether it is still there
    std::chrono::milliseconds answer = std::chrono::seconds(5);    ///< to that, and to SUBSCRIBE
    std::chrono::milliseconds refused = std::chrono::seconds(30);  ///< before a user who may not subscribe tries again
  };
  /// Throws BadRedisUrl.
  EventSubscription(Executor executor, const config::Redis& settings);
  EventSubscription(Executor executor, const config::Redis& settings, Limits limits);

  /// Until it is cancelled: subscribes, and again after a growing pause whenever the connection broke. May be called
  /// again. `listener` outlives it.
  Awaitable<void> listen(Listener& listener);

 private:
  Awaitable<void> subscribe(Listener& listener);
  Awaitable<void> hear(Listener& listener);
  Awaitable<void> read_on(Listener& listener);
  Awaitable<void> ask_when_silent();
  std::chrono::milliseconds pause();

  Executor executor_;
  config::Redis settings_;
  Limits limits_;
  std::string channel_;
  std::shared_ptr<RedisWhereabouts> whereabouts_;
  std::shared_ptr<RedisConversation> conversation_;
  Clock::time_point heard_last_;
  int failures_ = 0;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace queue
