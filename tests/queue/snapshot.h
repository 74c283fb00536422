#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "queue/redis_client.h"

namespace test {

using Fields = std::map<std::string, std::string, std::less<>>;
using Scores = std::map<std::string, double>;

/// All keys of the queue "q" at one moment, by their names without the prefix.
struct Snapshot {
  struct Key {
    std::string type;
    std::int64_t expires_in = -1;    ///< ms; -1: never
    std::vector<std::string> items;  ///< as HGETALL, LRANGE, SMEMBERS, ZRANGE WITHSCORES, GET; a stream's entry ids
    Fields fields;                   ///< of a hash
    Scores scores;                   ///< of a zset
    std::string serialized;          ///< as DUMP
  };
  std::map<std::string, Key> keys;

  bool has(const std::string& key) const { return keys.contains(key); }
  bool expires(const std::string& key) const { return has(key) && keys.at(key).expires_in >= 0; }
  /// Empty if there is no such key.
  const Fields& hash(const std::string& key) const;
  const Scores& zset(const std::string& key) const;
  const std::vector<std::string>& items(const std::string& key) const;
  /// What follows `prefix` in the names of the keys that begin so.
  std::vector<std::string> names(const std::string& prefix) const;
  /// The ids of all records.
  std::vector<std::string> jobs() const;
  const Fields& job(const std::string& id) const { return hash("job:" + id); }
};

Snapshot take_snapshot(boost::asio::io_context& io, queue::RedisClient& client);
/// Makes the queue's keys what they were.
void restore(boost::asio::io_context& io, queue::RedisClient& client, const Snapshot& snapshot);

std::string text(const Fields& fields, std::string_view name);
double number(const Fields& fields, std::string_view name);

}  // namespace test
