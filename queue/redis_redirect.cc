#include "queue/redis_redirect.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace queue {
namespace {

/// `?` stands for a host name that the cluster was told to use and does not know.
RedisNode node_named(std::string_view host, std::string_view port) {
  return {.host = host == "?" ? std::string() : std::string(host), .port = std::string(port)};
}

/// `MOVED 3999 127.0.0.1:6381`; the host may be empty, or an IPv6 address with colons of its own.
RedisNode node_in(std::string_view error) {
  const auto where = error.substr(error.rfind(' ') + 1);
  const auto colon = where.rfind(':');
  if (colon == std::string_view::npos) return {};
  return node_named(where.substr(0, colon), where.substr(colon + 1));
}

bool is_one_of(const Command& command, std::span<const std::string_view> names) {
  return !command.empty() && std::ranges::find(names, std::string_view(command.front())) != names.end();
}

}  // namespace

Redirect redirect_of(const Reply& reply) {
  if (!reply.is_error()) return {};
  if (reply.text.starts_with("MOVED ")) return {Redirect::Kind::moved, node_in(reply.text)};
  if (reply.text.starts_with("ASK ")) return {Redirect::Kind::ask, node_in(reply.text)};
  if (reply.text.starts_with("TRYAGAIN")) return {Redirect::Kind::later, {}};
  return {};
}

bool may_follow_ask(const Command& command) {
  constexpr std::array<std::string_view, 3> of_several_keys{"EVALSHA", "EVAL", "XREAD"};
  return !is_one_of(command, of_several_keys);
}

bool is_about_its_server(const Command& command) {
  constexpr std::array<std::string_view, 3> about_server{"INFO", "WAIT", "WAITAOF"};
  return is_one_of(command, about_server);
}

RedisAddress address_of(const RedisNode& node, const RedisAddress& named_by) {
  RedisAddress address = named_by;
  if (!node.host.empty()) address.host = node.host;
  if (!node.port.empty()) address.port = node.port;
  return address;
}

/// Each range is [first slot, last slot, primary, replica …], each node [host, port, …].
std::vector<RedisNode> nodes_of(const Reply& slots) {
  std::vector<RedisNode> nodes;
  for (const auto& range : slots.items)
    for (std::size_t i = 2; i < range.items.size(); ++i) {
      const auto& parts = range.items[i].items;
      if (parts.size() < 2) continue;
      auto node = node_named(parts[0].text, std::to_string(parts[1].number));
      if (std::ranges::find(nodes, node) == nodes.end()) nodes.push_back(std::move(node));
    }
  return nodes;
}

}  // namespace queue
