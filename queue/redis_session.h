#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"
#include "queue/awaitable.h"
#include "queue/clock.h"
#include "queue/redis_conversation.h"
#include "queue/redis_protocol.h"
#include "queue/redis_search.h"
#include "queue/redis_whereabouts.h"

namespace queue {

/// The life of one connection: a pause, finding Redis and logging in, then commands and replies in order until it
/// breaks. It never recovers; a new one is made. Commands may be given from the beginning, they wait until it is open.
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
    /// All replies to what was given at once came, so long after.
    virtual void replied(Clock::duration time) = 0;
    virtual void unusable(const std::string& why) = 0;
    /// It does not answer in time: so it is with its other connections, too.
    virtual void fell_silent(const std::string& why) = 0;
  };

  /// `may_block`: whether commands may block on the server, so that silence tells nothing.
  RedisSession(Executor executor, const config::Redis& settings, std::shared_ptr<RedisWhereabouts> whereabouts,
               bool may_block, Watcher* watcher);
  /// Begins to connect after `pause`.
  void start(std::chrono::milliseconds pause);
  /// `commands` are looked at before the first suspension only. Throws QueueUnavailable if the session breaks before
  /// the last reply, and after `limit`, which breaks it.
  static Awaitable<std::vector<Reply>> exchange(std::shared_ptr<RedisSession> session,
                                                const std::vector<Command>& commands, std::chrono::milliseconds limit);
  /// Nothing is told to the watcher any more. Ends when the last reply that is waited for has come, or soon.
  void retire();
  /// The same at once.
  void abandon(std::string why);

  bool is_open() const { return open_ && !broken_; }
  bool broken() const { return broken_; }
  const std::string& why_broken() const { return why_broken_; }
  /// Whether Redis ever answered a command.
  bool was_useful() const { return answered_; }
  /// By which it looked for Redis.
  std::uint64_t directions() const { return directions_; }
  /// Of the server, once it was open.
  const RedisAddress& address() const { return address_; }

 private:
  /// A place in the queue of those that wait for replies; kept when its owner went away, so that the order stays.
  struct Place {
    Place(Executor executor, std::size_t replies_expected, std::chrono::milliseconds time)
        : expected(replies_expected), limit(time), changed(executor) {}
    bool whole() const { return replies.size() == expected; }
    std::size_t expected;
    std::chrono::milliseconds limit;
    Clock::time_point since = Clock::now();
    std::vector<Reply> replies;
    std::string failure;
    Timer changed;
  };
  enum class Trouble { no, yes };

  std::shared_ptr<Place> join_queue(const std::vector<Command>& commands, std::chrono::milliseconds limit);
  static Awaitable<std::vector<Reply>> wait(std::shared_ptr<RedisSession> session, std::shared_ptr<Place> place);
  Clock::time_point end_of_silence(const Place& place) const;
  void silent_for(std::chrono::milliseconds time);
  static Awaitable<void> live(std::shared_ptr<RedisSession> session, std::chrono::milliseconds pause);
  static Awaitable<void> write_on(std::shared_ptr<RedisSession> session);
  Awaitable<void> open();
  Awaitable<void> read_on();
  void deliver(Reply reply);
  void break_off(std::string why, Trouble trouble);
  std::string at_address() const;

  std::shared_ptr<RedisWhereabouts> whereabouts_;
  bool may_block_;
  Watcher* watcher_;
  RedisSearch search_;
  std::uint64_t directions_;
  Timer pausing_;
  Timer writable_;
  std::shared_ptr<RedisConversation> conversation_;
  RedisAddress address_;
  std::string outbox_;
  std::deque<std::shared_ptr<Place>> waiting_;
  Clock::time_point heard_last_;
  bool open_ = false;
  bool answered_ = false;
  bool retired_ = false;
  bool broken_ = false;
  std::string why_broken_;
};

}  // namespace queue
