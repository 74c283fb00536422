#include "tests/support/redis_cluster.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "tests/support/wait_until.h"

namespace test {
namespace {

constexpr std::size_t primaries = 3;
constexpr std::array<const char*, 4> borders{"0", "5461", "10922", "16384"};

std::vector<std::string> settings_of(const RedisCluster::Options& options, int bus_port) {
  std::vector<std::string> settings{"cluster-enabled yes",
                                    "cluster-config-file nodes.conf",
                                    "cluster-port " + std::to_string(bus_port),
                                    "cluster-node-timeout 500",
                                    "cluster-require-full-coverage no",
                                    "appendonly yes",
                                    "appendfsync always",
                                    "save \"\"",
                                    "repl-diskless-sync-delay 0",
                                    "repl-ping-replica-period 1"};
  settings.insert(settings.end(), options.of_nodes.begin(), options.of_nodes.end());
  return settings;
}

queue::Reply must(const RedisProcess& node, const queue::Command& command) {
  auto reply = node.ask(command);
  if (reply.is_error()) throw std::runtime_error(command.at(0) + " " + command.at(1) + ": " + reply.text);
  return reply;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The port of the primary of that slot, by the word of one node.
int port_of_owner(const RedisProcess& node, std::int64_t slot) {
  const auto slots = node.ask({"CLUSTER", "SLOTS"});
  for (const auto& range : slots.items)
    if (range.items.at(0).number <= slot && slot <= range.items.at(1).number)
      return static_cast<int>(range.items.at(2).items.at(1).number);
  return 0;
}

}  // namespace

RedisCluster::RedisCluster(const Options& options) {
  for (std::size_t i = 0; i < (options.replicas ? 2 * primaries : primaries); ++i) {
    add_node(options);
  }
  for (std::size_t i = 0; i < primaries; ++i)
    must(*nodes_[i], {"CLUSTER", "ADDSLOTSRANGE", borders[i], std::to_string(std::stoi(borders[i + 1]) - 1)});
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    must(*nodes_[i], {"CLUSTER", "SET-CONFIG-EPOCH", std::to_string(i + 1)});
  meet();
  if (options.replicas) replicate();
  wait_until_well();
}

/// The port of its bus may be gone by the time it wants it.
void RedisCluster::add_node(const Options& options) {
  for (int tries_left = 3;; --tries_left) {
    const int bus_port = free_port();
    try {
      nodes_.push_back(std::make_unique<RedisProcess>(settings_of(options, bus_port)));
      bus_ports_.push_back(bus_port);
      return;
    } catch (const std::runtime_error&) {
      if (tries_left == 0) throw;
    }
  }
}

std::string RedisCluster::url() const {
  return "redis://" + nodes_[0]->host_and_port() + "," + nodes_[1]->host_and_port() + "," + nodes_[2]->host_and_port();
}

std::size_t RedisCluster::owner_of(const std::string& key) const {
  const auto alive = std::ranges::find_if(nodes_, [](const auto& node) { return node->answers(); });
  const int port = port_of_owner(**alive, std::stoll(slot_of(key)));
  const auto owner = std::ranges::find_if(nodes_, [&](const auto& node) { return node->port() == port; });
  if (owner == nodes_.end()) throw std::runtime_error("nobody serves the slot of " + key);
  return static_cast<std::size_t>(owner - nodes_.begin());
}

void RedisCluster::begin_migration(const std::string& key, std::size_t from, std::size_t to) {
  must(*nodes_[to], {"CLUSTER", "SETSLOT", slot_of(key), "IMPORTING", id_of(from)});
  must(*nodes_[from], {"CLUSTER", "SETSLOT", slot_of(key), "MIGRATING", id_of(to)});
}

void RedisCluster::migrate(const std::vector<std::string>& keys, std::size_t from, std::size_t to) {
  if (keys.empty()) return;
  queue::Command command{"MIGRATE", "127.0.0.1", std::to_string(nodes_[to]->port()), "", "0", "10000", "KEYS"};
  command.insert(command.end(), keys.begin(), keys.end());
  must(*nodes_[from], command);
}

std::vector<std::string> RedisCluster::keys_in_slot_of(const std::string& key, std::size_t node) const {
  std::vector<std::string> keys;
  const auto reply = must(*nodes_[node], {"CLUSTER", "GETKEYSINSLOT", slot_of(key), "10000"});
  for (const auto& item : reply.items) keys.push_back(item.text);
  std::ranges::sort(keys);
  return keys;
}

void RedisCluster::end_migration(const std::string& key, std::size_t to) {
  must(*nodes_[to], {"CLUSTER", "SETSLOT", slot_of(key), "NODE", id_of(to)});
  for (std::size_t i = 0; i < primaries; ++i)
    if (i != to) must(*nodes_[i], {"CLUSTER", "SETSLOT", slot_of(key), "NODE", id_of(to)});
}

void RedisCluster::wait_until_well() {
  wait_until("the cluster is well", [&] {
    return std::ranges::all_of(nodes_, [](const auto& node) {
      if (!node->answers()) return true;
      const auto info = node->ask({"CLUSTER", "INFO"}).text;
      return has(info, "cluster_state:ok") && has(info, "cluster_slots_assigned:16384") &&
             has(info, "cluster_slots_ok:16384") && has(info, "cluster_size:3");
    });
  });
}

std::string RedisCluster::slot_of(const std::string& key) const {
  for (const auto& node : nodes_)
    if (node->answers()) return std::to_string(node->ask({"CLUSTER", "KEYSLOT", key}).number);
  throw std::runtime_error("no node answers");
}

std::string RedisCluster::id_of(std::size_t node) const {
  return must(*nodes_[node], {"CLUSTER", "MYID"}).text;
}

void RedisCluster::meet() {
  for (std::size_t i = 1; i < nodes_.size(); ++i)
    must(*nodes_[i],
         {"CLUSTER", "MEET", "127.0.0.1", std::to_string(nodes_[0]->port()), std::to_string(bus_ports_[0])});
  const auto known = "cluster_known_nodes:" + std::to_string(nodes_.size());
  wait_until("the nodes know each other", [&] {
    return std::ranges::all_of(nodes_,
                               [&](const auto& node) { return has(node->ask({"CLUSTER", "INFO"}).text, known); });
  });
}

void RedisCluster::replicate() {
  for (std::size_t i = 0; i < primaries; ++i)
    wait_until("a replica accepts its primary",
               [&] { return !nodes_[primaries + i]->ask({"CLUSTER", "REPLICATE", id_of(i)}).is_error(); });
  for (std::size_t i = 0; i < primaries; ++i)
    wait_until("the replicas follow",
               [&] { return has(nodes_[i]->ask({"INFO", "replication"}).text, "state=online"); });
}

}  // namespace test
