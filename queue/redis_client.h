#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"
#include "queue/awaitable.h"
#include "queue/redis_place.h"
#include "queue/redis_protocol.h"
#include "queue/tally.h"

namespace queue {

class RedisLink;

/// Connections to one Redis: commands of all coroutines pipelined over one of them, in order; blocking commands over
/// another. Connects when first needed and again, after a growing pause, whenever a connection broke. A command that
/// times out breaks all connections, and a server that says it is not the one to talk to (READONLY, LOADING) its own;
/// then the Sentinels, or the nodes of the cluster, are asked anew where Redis is.
///
/// A queue lives on one node of a cluster at a time. When its slot has moved, commands follow, within their limit;
/// while the slot is on its way, moves wait (see may_follow_ask).
///
/// A coroutine that is cancelled while it waits for its reply leaves the connection in order: the reply is read and
/// dropped when it comes.
class RedisClient {
 public:
  /// `url`: as parse_redis_url() takes it (an embedded server is a unix:// by now). Throws BadRedisUrl.
  /// `on_trouble` is told once why Redis cannot be used, and once (empty) that it can again.
  using OnTrouble = std::function<void(const std::string& why)>;
  RedisClient(Executor executor, const config::Redis& settings, OnTrouble on_trouble);
  ~RedisClient();
  RedisClient(const RedisClient&) = delete;
  RedisClient& operator=(const RedisClient&) = delete;

  /// Sends one command and waits for its reply, at most `limit`. Error replies are returned, not thrown.
  /// Throws QueueUnavailable for a connection that cannot be had or breaks meanwhile, and after `limit`. Whether Redis
  /// carried the command out is then unknown.
  Awaitable<Reply> execute(Command command, std::chrono::milliseconds limit = std::chrono::seconds(5));

  /// The same for several commands, written at once; replies in their order.
  Awaitable<std::vector<Reply>> pipeline(std::vector<Command> commands,
                                         std::chrono::milliseconds limit = std::chrono::seconds(30));

  /// A command that may block on the server (XREAD BLOCK): on a connection of its own.
  Awaitable<Reply> execute_blocking(Command command, std::chrono::milliseconds limit);

  /// Several commands written at once, of which the last may block on the server (WAIT, WAITAOF) and speaks of what the
  /// others on the same connection wrote: on a third connection, so that nobody else waits.
  Awaitable<std::vector<Reply>> pipeline_blocking(std::vector<Command> commands, std::chrono::milliseconds limit);

  /// Rises each time the connection of execute() and pipeline() was made anew.
  std::uint64_t connections_made() const;
  /// Whoever judges a reply and so knows more of it than the client adds that.
  Tally& tally();
  const Tally& tally() const;
  /// Of that connection; whatever it says before the first is of no meaning.
  RedisPlace place() const;

 private:
  struct Parts;
  static Awaitable<Reply> send_one(std::shared_ptr<Parts> parts, RedisLink& link, Command command,
                                   std::chrono::milliseconds limit);
  static Awaitable<std::vector<Reply>> send(std::shared_ptr<Parts> parts, RedisLink& link,
                                            std::vector<Command> commands, std::chrono::milliseconds limit);

  std::shared_ptr<Parts> parts_;  ///< also the commands' that are under way
};

}  // namespace queue
