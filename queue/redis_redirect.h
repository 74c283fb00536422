#pragma once

#include <optional>
#include <span>
#include <string>

#include "queue/redis_protocol.h"
#include "queue/redis_url.h"

namespace queue {

/// A node of a cluster, as the others name it.
struct RedisNode {
  std::string host;  ///< empty: the same as that of the node which named it
  std::string port;
  bool operator==(const RedisNode&) const = default;
};

/// What an error of Redis Cluster asks of the client.
struct Redirect {
  enum class Kind {
    none,   ///< an answer
    moved,  ///< the slot is served by `node`
    ask,    ///< the slot is on its way to `node`, and the key is there, or nowhere
    later,  ///< the slot is on its way, and the keys are partly here and partly there
  };
  Kind kind = Kind::none;
  RedisNode node;
  bool operator==(const Redirect&) const = default;
};

Redirect redirect_of(const Reply& reply);

/// Whether ASK may be followed. A move looks at more keys than it names, and XREAD at several: while a slot is on its
/// way some are on the old and some on the new node, so these wait until it has arrived.
bool may_follow_ask(const Command& command);

/// It has no key and is about the server that answers it, and what was written there on the same connection: asked
/// again together with what is sent elsewhere.
bool is_about_its_server(const Command& command);

/// The node as seen from the one that named it, with the same login.
RedisAddress address_of(const RedisNode& node, const RedisAddress& named_by);

/// The nodes that CLUSTER SLOTS names, each once; none for an error.
std::vector<RedisNode> nodes_of(const Reply& slots);

}  // namespace queue
