#include "queue/redis_whereabouts.h"

#include <algorithm>

#include "queue/keys.h"
#include "queue/redis_login.h"

namespace queue {
namespace {

RedisNode node_at(const RedisAddress& address) {
  return {.host = address.host, .port = address.port};
}

void add_unless_there(std::vector<RedisNode>& nodes, const RedisNode& node) {
  if (std::ranges::find(nodes, node) == nodes.end()) nodes.push_back(node);
}

}  // namespace

RedisWhereabouts::RedisWhereabouts(const config::Redis& settings)
    : settings_(settings), key_in_slot_(prefix_of(settings.queue)) {
  const auto url = parse_redis_url(settings.url);
  primary_ = url.primary;
  several_ = url.servers.size() > 1;
  for (const auto& server : url.servers) of_url_.push_back(node_at(server));
  order_ = of_url_;
}

RedisUrl RedisWhereabouts::to_ask() const {
  auto url = read_redis_url(settings_);
  const RedisAddress any = url.servers.front();
  if (any.kind == RedisAddress::Kind::unix_socket) return url;
  url.servers.clear();
  for (const auto& node : order_) url.servers.push_back(address_of(node, any));
  return url;
}

void RedisWhereabouts::helped(const RedisAddress& server) {
  put_first(node_at(server));
}

void RedisWhereabouts::failed(const RedisAddress& server) {
  if (std::erase(order_, node_at(server)) > 0) order_.push_back(node_at(server));
}

void RedisWhereabouts::learn(const std::vector<RedisNode>& nodes, const RedisAddress& named_by) {
  in_cluster_ = true;
  if (nodes.empty()) return;
  std::vector<RedisNode> order{node_at(named_by)};
  for (const auto& node : nodes) add_unless_there(order, node_at(address_of(node, named_by)));
  for (const auto& node : of_url_) add_unless_there(order, node);
  order_ = std::move(order);
}

void RedisWhereabouts::moved(const RedisAddress& to, std::uint64_t directions) {
  in_cluster_ = true;
  if (directions != directions_) return;
  put_first(node_at(to));
  ++directions_;
}

RedisPlace RedisWhereabouts::place_of(const RedisAddress& server) const {
  using Kind = RedisPlace::Kind;
  const Kind otherwise = in_cluster_ ? Kind::in_cluster : Kind::alone;
  return {.kind = primary_.empty() ? otherwise : Kind::by_sentinels, .address = server, .primary = primary_};
}

void RedisWhereabouts::put_first(const RedisNode& node) {
  std::erase(order_, node);
  order_.insert(order_.begin(), node);
}

}  // namespace queue
