#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"
#include "queue/awaitable.h"
#include "queue/clock.h"
#include "queue/redis_protocol.h"
#include "queue/redis_stream.h"

namespace queue {

/// The life of one connection: a pause, connecting, logging in, then commands and replies in order until it breaks.
/// It never recovers; a new one is made. Commands may be given from the beginning, they wait until it is open.
///
/// Its coroutines (one reads, one writes) and those that wait for replies own it together: it stays until the last of
/// them is over, also when the event loop is torn down.
class RedisSession : public std::enable_shared_from_this<RedisSession> {
 public:
  /// Whoever wants to know how it goes.
  struct Watcher {
    virtual ~Watcher() = default;
    virtual void opened() = 0;
    virtual void answered() = 0;
    virtual void unusable(const std::string& why) = 0;
  };

  RedisSession(Executor executor, config::Redis settings, Watcher* watcher);
  /// Begins to connect after `pause`.
  void start(std::chrono::milliseconds pause);
  /// Throws QueueUnavailable if the session breaks before the last reply, and after `limit`, which breaks it.
  static Awaitable<std::vector<Reply>> exchange(std::shared_ptr<RedisSession> session, std::vector<Command> commands,
                                                std::chrono::milliseconds limit);
  /// Ends it; nothing is told to the watcher any more.
  void abandon();

  bool broken() const { return broken_; }
  const std::string& why_broken() const { return why_broken_; }
  /// Whether Redis ever answered a command.
  bool was_useful() const { return answered_; }

 private:
  /// A place in the queue of those that wait for replies; kept when its owner went away, so that the order stays.
  struct Place {
    Place(Executor executor, std::size_t replies_expected) : expected(replies_expected), changed(executor) {}
    bool whole() const { return replies.size() == expected; }
    std::size_t expected;
    std::vector<Reply> replies;
    std::string failure;
    Timer changed;
  };
  enum class Trouble { no, yes };

  static Awaitable<void> live(std::shared_ptr<RedisSession> session, std::chrono::milliseconds pause);
  static Awaitable<void> write_on(std::shared_ptr<RedisSession> session);
  Awaitable<void> open();
  Awaitable<void> log_in(const RedisAddress& address);
  Awaitable<void> read_on();
  Awaitable<void> receive();
  void limit_connecting();
  void deliver(Reply reply);
  void break_off(std::string why, Trouble trouble);

  config::Redis settings_;
  Watcher* watcher_;
  Timer pausing_;
  Timer connecting_;
  Timer writable_;
  std::unique_ptr<RedisStream> stream_;
  std::string where_;
  ReplyParser parser_;
  std::array<char, 16384> buffer_{};
  std::string outbox_;
  std::deque<std::shared_ptr<Place>> waiting_;
  bool open_ = false;
  bool answered_ = false;
  bool broken_ = false;
  std::string why_broken_;
};

}  // namespace queue
