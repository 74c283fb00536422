#include "worker/redis_findings.h"

#include <charconv>
#include <cstdint>
#include <sstream>
#include <utility>

#include "worker/printable.h"

namespace worker {
namespace {

using Texts = std::map<std::string, std::string, std::less<>>;
using Kind = Finding::Kind;

using Version = std::pair<int, int>;

constexpr Version oldest{6, 2};
/// The first with WAITAOF.
constexpr Version oldest_that_acknowledges_syncs{7, 2};

std::string value_of(const Texts& texts, std::string_view name) {
  const auto found = texts.find(name);
  return found == texts.end() ? std::string() : found->second;
}

Texts fields_of_info(const std::string& info) {
  Texts fields;
  std::istringstream lines(info);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::size_t end = line.find_last_not_of('\r') + 1;
    fields[line.substr(0, colon)] = printable(line.substr(colon + 1, end - colon - 1));
  }
  return fields;
}

/// Valkey tells the version of Redis it is compatible with as `redis_version`.
Version version_in(const Texts& info) {
  const std::string text = value_of(info, "redis_version");
  Version version;
  const char* const end = text.data() + text.size();
  const auto after_first = std::from_chars(text.data(), end, version.first).ptr;
  if (after_first != end) std::from_chars(after_first + 1, end, version.second);
  return version;
}

Finding judge_version(const Texts& info) {
  const std::string valkey = value_of(info, "valkey_version");
  const std::string name = valkey.empty() ? "Redis " + value_of(info, "redis_version") : "Valkey " + valkey;
  if (version_in(info) >= oldest) return {Kind::ok, name};
  return {Kind::failure, name + ": use Redis 6.2 or newer, or Valkey"};
}

Finding judge_eviction(const Texts& info) {
  const std::string policy = value_of(info, "maxmemory_policy");
  if (policy == "noeviction") return {Kind::ok, "maxmemory-policy noeviction"};
  if (policy.empty()) return {Kind::warning, "maxmemory-policy is unknown: see that it is noeviction"};
  return {Kind::failure,
          "maxmemory-policy " + policy +
              ": Redis may throw jobs away when memory is short; run CONFIG SET maxmemory-policy noeviction"};
}

/// Before its first write a job waits until Redis acknowledges that what it owes is on disk; a Redis that can
/// acknowledge it, but leaves syncing to the system, never does.
Finding judge_unsynced(Version version) {
  if (version >= oldest_that_acknowledges_syncs)
    return {Kind::failure,
            "append-only file with appendfsync no: Redis never acknowledges what is on disk (WAITAOF), so that no "
            "removal can be planned; run CONFIG SET appendfsync everysec (or always), and set it in redis.conf"};
  return {Kind::warning,
          "append-only file with appendfsync no: a crash of the machine may lose half a minute; run CONFIG SET "
          "appendfsync everysec"};
}

Finding judge_append_only_file(const RedisFacts& facts) {
  const std::string fsync = value_of(facts.config, "appendfsync");
  if (fsync == "always")
    return {Kind::ok, "append-only file, synced always: a crash loses nothing that was acknowledged"};
  if (fsync == "everysec") return {Kind::ok, "append-only file, synced every second: a crash may lose the last second"};
  if (fsync == "no") return judge_unsynced(version_in(facts.info));
  return {Kind::ok, "append-only file (how often it is synced is unknown: CONFIG is not allowed here)"};
}

Finding judge_persistence(const RedisFacts& facts) {
  if (value_of(facts.info, "aof_enabled") == "1") return judge_append_only_file(facts);
  const std::string advice = "; run CONFIG SET appendonly yes, and set it in redis.conf";
  if (facts.config.count("save") == 0)
    return {Kind::warning,
            "no append-only file; whether there are snapshots is unknown, CONFIG is not allowed here" + advice};
  if (value_of(facts.config, "save").empty())
    return {Kind::failure, "no persistence: a restart of Redis loses every job and every owed removal" + advice};
  return {Kind::warning, "snapshots only: a crash of Redis loses all since the last one, also owed removals" + advice};
}

std::uint64_t number_of(const Texts& texts, std::string_view name) {
  const std::string text = value_of(texts, name);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// A maxmemory of 0 is none.
bool is_full(const Texts& info) {
  const std::uint64_t limit = number_of(info, "maxmemory");
  return limit != 0 && number_of(info, "used_memory") > limit;
}

Finding judge_writes(const Texts& info) {
  if (value_of(info, "role") == "slave")
    return {Kind::failure, "this is a replica, it takes no writes: give --redis-url the primary, or the Sentinels"};
  if (value_of(info, "loading") == "1") return {Kind::failure, "Redis is still loading its data: try again"};
  if (is_full(info))
    return {Kind::failure, "memory is full, " + value_of(info, "used_memory_human") + " of maxmemory " +
                               value_of(info, "maxmemory_human") +
                               ": Redis takes no writes; raise maxmemory, then shorten --keep-finished"};
  return {Kind::ok, "takes writes"};
}

queue::Awaitable<void> ask_config(queue::RedisClient& redis, std::string name, Texts& config) {
  const queue::Reply reply = co_await redis.execute({"CONFIG", "GET", name});
  if (reply.items.size() == 2) config[name] = printable(reply.items[1].text);
}

}  // namespace

Findings judge(const RedisFacts& facts) {
  return {judge_version(facts.info), judge_eviction(facts.info), judge_persistence(facts), judge_writes(facts.info)};
}

Findings judge_safety(const RedisFacts& facts) {
  return {judge_eviction(facts.info), judge_persistence(facts)};
}

queue::Awaitable<RedisFacts> ask(queue::RedisClient& redis) {
  RedisFacts facts;
  const queue::Reply info = co_await redis.execute({"INFO"});
  if (info.is_error())
    throw InfoRefused("INFO: " + printable(info.text) + "; the worker needs it: ACL SETUSER its name +info");
  facts.info = fields_of_info(info.text);
  for (const char* name : {"save", "appendfsync", "min-replicas-to-write"})
    co_await ask_config(redis, name, facts.config);
  co_return facts;
}

}  // namespace worker
