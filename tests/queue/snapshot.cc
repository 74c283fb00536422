#include "tests/queue/snapshot.h"

#include <algorithm>

#include "queue/replies.h"
#include "queue/scripts.h"
#include "tests/support/run.h"

namespace test {
namespace {

constexpr const char* read_all = R"(
local read = {
  hash = function(key) return redis.call('HGETALL', key) end,
  list = function(key) return redis.call('LRANGE', key, 0, -1) end,
  set = function(key) return redis.call('SMEMBERS', key) end,
  zset = function(key) return redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') end,
  string = function(key) return { redis.call('GET', key) } end,
  stream = function(key)
    local ids = {}
    for i, entry in ipairs(redis.call('XRANGE', key, '-', '+')) do ids[i] = entry[1] end
    return ids
  end }
local answer = {}
for _, key in ipairs(redis.call('KEYS', KEYS[1] .. ':*')) do
  local kind = redis.call('TYPE', key).ok
  answer[#answer + 1] =
    { string.sub(key, #KEYS[1] + 2), kind, redis.call('PTTL', key), read[kind](key), redis.call('DUMP', key) }
end
return answer)";

constexpr const char* write_all = R"(
local old = redis.call('KEYS', KEYS[1] .. ':*')
if #old > 0 then redis.call('DEL', unpack(old)) end
for i = 1, #ARGV, 3 do redis.call('RESTORE', KEYS[1] .. ':' .. ARGV[i], ARGV[i + 1], ARGV[i + 2]) end)";

/// Items that are pairs, as their key's type has them.
void read_pairs(Snapshot::Key& key) {
  for (std::size_t i = 0; i + 1 < key.items.size(); i += 2) {
    if (key.type == "hash") key.fields[key.items[i]] = key.items[i + 1];
    if (key.type == "zset") key.scores[key.items[i]] = std::stod(key.items[i + 1]);
  }
}

const Snapshot::Key no_key;

const Snapshot::Key& key_of(const Snapshot& snapshot, const std::string& name) {
  const auto found = snapshot.keys.find(name);
  return found == snapshot.keys.end() ? no_key : found->second;
}

}  // namespace

const Fields& Snapshot::hash(const std::string& key) const {
  return key_of(*this, key).fields;
}

const Scores& Snapshot::zset(const std::string& key) const {
  return key_of(*this, key).scores;
}

const std::vector<std::string>& Snapshot::items(const std::string& key) const {
  return key_of(*this, key).items;
}

std::vector<std::string> Snapshot::names(const std::string& prefix) const {
  std::vector<std::string> names;
  for (auto key = keys.lower_bound(prefix); key != keys.end() && key->first.starts_with(prefix); ++key)
    names.push_back(key->first.substr(prefix.size()));
  return names;
}

std::vector<std::string> Snapshot::jobs() const {
  auto ids = names("job:");
  std::erase_if(ids, [](const std::string& id) { return id.ends_with(":failures"); });
  return ids;
}

Snapshot take_snapshot(boost::asio::io_context& io, queue::RedisClient& client) {
  const auto reply = run(io, client.execute({"EVAL", read_all, "1", "{q}"}));
  queue::refuse_error(reply, "the snapshot");
  Snapshot snapshot;
  for (const auto& item : reply.items) {
    Snapshot::Key& key = snapshot.keys[item.items[0].text];
    key.type = item.items[1].text;
    key.expires_in = item.items[2].number;
    key.items = queue::texts_of(item.items[3]);
    key.serialized = item.items[4].text;
    read_pairs(key);
  }
  return snapshot;
}

void restore(boost::asio::io_context& io, queue::RedisClient& client, const Snapshot& snapshot) {
  queue::Command command{"EVAL", write_all, "1", "{q}"};
  for (const auto& [name, key] : snapshot.keys) {
    command.push_back(name);
    command.push_back(std::to_string(std::max<std::int64_t>(key.expires_in, 0)));
    command.push_back(key.serialized);
  }
  queue::refuse_error(run(io, client.execute(std::move(command))), "restoring a snapshot");
}

std::string text(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

double number(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? 0 : std::stod(found->second);
}

}  // namespace test
