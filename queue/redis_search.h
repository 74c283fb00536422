#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/settings.h"
#include "queue/awaitable.h"
#include "queue/redis_conversation.h"
#include "queue/redis_whereabouts.h"

namespace queue {

/// Nobody serves the queue: who was asked and what each said, for an operator.
struct RedisNotFound : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Finds the server that the queue lives on and logs in to it: the one of the URL, the primary that the Sentinels name
/// (and that says so itself), or the node of a cluster that serves the queue's slot.
class RedisSearch {
 public:
  using Conversation = std::shared_ptr<RedisConversation>;

  RedisSearch(Executor executor, config::Redis settings, std::shared_ptr<RedisWhereabouts> whereabouts);

  /// Throws RedisNotFound, or as RedisWhereabouts::to_ask() does. Each server that is asked has its limit.
  Awaitable<Conversation> find();
  /// Ends a find() under way.
  void give_up();

 private:
  /// What came of asking one server.
  struct Outcome {
    Conversation found;
    std::optional<RedisAddress> elsewhere;  ///< it named another one
    std::string why_not;
    bool unreachable = false;
  };
  using Question = Awaitable<Outcome> (RedisSearch::*)(Conversation);

  Awaitable<Conversation> find_by_sentinels(RedisUrl url);
  Awaitable<Conversation> find_among(std::vector<RedisAddress> servers);
  Awaitable<Outcome> consult(RedisAddress address, std::chrono::milliseconds limit, Question question);
  Awaitable<Outcome> where_is_primary(Conversation sentinel);
  Awaitable<Outcome> are_you_primary(Conversation server);
  Awaitable<Outcome> do_you_serve_queue(Conversation server);
  Awaitable<void> log_in(Conversation server);

  Executor executor_;
  config::Redis settings_;
  std::shared_ptr<RedisWhereabouts> whereabouts_;
  std::string primary_;
  Conversation under_way_;
  bool given_up_ = false;
};

}  // namespace queue
