#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/settings.h"
#include "queue/redis_place.h"
#include "queue/redis_redirect.h"
#include "queue/redis_url.h"

namespace queue {

/// What is known of where our Redis is: what the URL says, and what was learned since. One for all connections of a
/// client, so that what one learns all use. Decides only; RedisSearch asks.
class RedisWhereabouts {
 public:
  /// Throws BadRedisUrl.
  explicit RedisWhereabouts(const config::Redis& settings);

  /// Whom to ask, in this order: who helped last, the other nodes of its cluster, then those of the URL. With the
  /// password of now; throws as read_redis_url() does.
  RedisUrl to_ask() const;
  /// This one knew: it is asked first from now on.
  void helped(const RedisAddress& server);
  /// This one could not be reached: it is asked last from now on.
  void failed(const RedisAddress& server);
  /// The nodes of the cluster, as `named_by` names them.
  void learn(const std::vector<RedisNode>& nodes, const RedisAddress& named_by);

  /// A node says that another one serves the queue's slot. `directions`: those by which the node itself was found;
  /// older ones than the present tell nothing new.
  void moved(const RedisAddress& to, std::uint64_t directions);
  /// Rises whenever connections should go somewhere else than the present ones do.
  std::uint64_t directions() const { return directions_; }

  /// Whether another server than the present one may serve the queue one day.
  bool may_change() const { return in_cluster_ || !primary_.empty() || several_; }
  RedisPlace place_of(const RedisAddress& server) const;
  /// {queue}: it lies in the slot of all of the queue's keys, and is none itself.
  const std::string& key_in_slot() const { return key_in_slot_; }

 private:
  void put_first(const RedisNode& node);

  config::Redis settings_;
  std::string primary_;
  std::string key_in_slot_;
  std::vector<RedisNode> of_url_;
  std::vector<RedisNode> order_;
  std::uint64_t directions_ = 0;
  bool in_cluster_ = false;
  bool several_ = false;
};

}  // namespace queue
