#include "tests/chaos/inspection.h"

#include <utility>

#include "queue/job_queue.h"
#include "queue/replies.h"

namespace chaos {
namespace {

constexpr const char* prefix = "{set-accounts}:";

/// What holds live jobs, and the command that counts them.
const std::vector<queue::Command> live = {{"XLEN", "inbox"},    {"ZCARD", "waiting"}, {"ZCARD", "scheduled"},
                                          {"ZCARD", "running"}, {"ZCARD", "ready"},   {"SCARD", "retrying"},
                                          {"HLEN", "targets"},  {"EXISTS", "paused"}};

std::vector<queue::Command> questions() {
  std::vector<queue::Command> commands = live;
  for (queue::Command& command : commands) command[1] = prefix + command[1];
  return commands;
}

Fields fields_in(const queue::Reply& reply) {
  Fields fields;
  for (auto& [name, value] : queue::fields_of(reply)) fields[name] = value;
  return fields;
}

queue::Awaitable<std::vector<std::string>> keys(queue::RedisClient& redis, std::string pattern) {
  const queue::Reply reply = co_await redis.execute({"KEYS", prefix + std::move(pattern)});
  co_return queue::texts_of(reply);
}

queue::Awaitable<Fields> hash(queue::RedisClient& redis, std::string key) {
  const queue::Reply reply = co_await redis.execute({"HGETALL", std::move(key)});
  co_return fields_in(reply);
}

queue::Awaitable<std::map<std::string, Fields>> hashes(queue::RedisClient& redis, std::string kind) {
  std::map<std::string, Fields> found;
  const std::vector<std::string> names = co_await keys(redis, kind + "*");
  for (const std::string& name : names) {
    if (name.ends_with(":failures")) continue;
    Fields fields = co_await hash(redis, name);
    found[name.substr((prefix + kind).size())] = std::move(fields);
  }
  co_return found;
}

queue::Awaitable<std::vector<std::string>> left_over(queue::RedisClient& redis) {
  std::vector<std::string> left;
  const std::vector<queue::Reply> counts = co_await redis.pipeline(questions());
  for (std::size_t i = 0; i < live.size(); ++i)
    if (counts[i].number != 0) left.push_back(std::to_string(counts[i].number) + " in " + live[i][1]);
  const std::vector<std::string> lines = co_await keys(redis, "line:*");
  left.insert(left.end(), lines.begin(), lines.end());
  const std::vector<std::string> owed = co_await keys(redis, "owed:*");
  left.insert(left.end(), owed.begin(), owed.end());
  co_return left;
}

queue::Awaitable<std::set<std::string>> unaudited(queue::RedisClient& redis) {
  const queue::Reply reply = co_await redis.execute({"ZRANGE", std::string(prefix) + "unaudited", "0", "-1"});
  std::set<std::string> endings;
  for (const std::string& ending : queue::texts_of(reply)) {
    const auto id_ends = ending.find(' ');
    endings.insert(ending.substr(id_ends + 1, ending.find(' ', id_ends + 1) - id_ends - 1) + " " +
                   ending.substr(0, id_ends));
  }
  co_return endings;
}

}  // namespace

queue::Awaitable<bool> is_drained(queue::RedisClient& redis) {
  bool drained = true;
  try {
    const std::vector<queue::Reply> counts = co_await redis.pipeline(questions());
    for (const queue::Reply& count : counts) drained = drained && !count.is_error() && count.number == 0;
  } catch (const queue::QueueUnavailable&) {
    drained = false;
  }
  co_return drained;
}

queue::Awaitable<void> inspect(queue::RedisClient& redis, Evidence& evidence) {
  evidence.records = co_await hashes(redis, "job:");
  evidence.batches = co_await hashes(redis, "batch:");
  evidence.stats = co_await hash(redis, std::string(prefix) + "stats");
  evidence.left_over = co_await left_over(redis);
  evidence.unaudited = co_await unaudited(redis);
}

}  // namespace chaos
