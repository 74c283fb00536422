#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/redis_process.h"

namespace test {

/// A Redis Cluster of three primaries that share the slots, each with a replica if asked for: real processes on
/// 127.0.0.1. They take half a second of silence for death.
class RedisCluster {
 public:
  struct Options {
    bool replicas = false;
    std::vector<std::string> of_nodes;  ///< lines for their files
  };
  explicit RedisCluster(const Options& options);

  /// redis://h:p of one of the nodes, or redis://h:p,h:p,h:p of all primaries.
  std::string url_of(std::size_t node) const { return nodes_.at(node)->url(); }
  std::string url() const;

  /// The nodes that were primaries at first are 0 to 2, their replicas 3 to 5.
  RedisProcess& node(std::size_t i) { return *nodes_.at(i); }
  std::size_t size() const { return nodes_.size(); }

  /// The node that serves the key's slot, by the others' word where it is dead.
  std::size_t owner_of(const std::string& key) const;

  /// The steps of a migration of the key's slot, in this order.
  void begin_migration(const std::string& key, std::size_t from, std::size_t to);
  void migrate(const std::vector<std::string>& keys, std::size_t from, std::size_t to);
  std::vector<std::string> keys_in_slot_of(const std::string& key, std::size_t node) const;
  void end_migration(const std::string& key, std::size_t to);

  /// Waits until all nodes that run know who serves the slot and say that the cluster is well.
  void wait_until_well();

 private:
  std::string slot_of(const std::string& key) const;
  std::string id_of(std::size_t node) const;
  void add_node(const Options& options);
  void meet();
  void replicate();

  std::vector<std::unique_ptr<RedisProcess>> nodes_;
  std::vector<int> bus_ports_;
};

}  // namespace test
