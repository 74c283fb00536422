#include "queue/newest_records.h"

#include <set>
#include <utility>

#include "queue/keys.h"
#include "queue/redis_client.h"
#include "queue/replies.h"
#include "queue/scripts.h"

namespace queue {
namespace {

constexpr std::size_t looked_at_once = 1000;

/// The ids from that rank on, the newest first.
Awaitable<std::vector<std::string>> ids_by_age(RedisClient& redis, std::string prefix, std::size_t from) {
  Command command{"ZREVRANGE", prefix + ":jobs", std::to_string(from), std::to_string(from + looked_at_once - 1)};
  const auto reply = co_await redis.execute(std::move(command));
  refuse_error(reply, "ZREVRANGE");
  co_return texts_of(reply);
}

}  // namespace

/// Reads {Q}:jobs, which has all jobs by their age, from the newest on until enough have the state.
Awaitable<std::vector<Record>> newest_records(RedisClient& redis, std::string prefix, std::optional<JobState> state,
                                              std::size_t limit) {
  std::vector<std::string> found;
  std::set<std::string> seen;  // ranks shift while new jobs come
  bool more = limit > 0;
  for (std::size_t from = 0; more && found.size() < limit; from += looked_at_once) {
    auto ids = co_await ids_by_age(redis, prefix, from);
    more = ids.size() == looked_at_once;
    std::erase_if(ids, [&](const std::string& id) { return !seen.insert(id).second; });
    const auto in_state = co_await ids_in_state(redis, prefix, state, std::move(ids));
    found.insert(found.end(), in_state.begin(), in_state.end());
  }
  if (found.size() > limit) found.resize(limit);
  std::vector<Record> records;
  if (!found.empty()) records = co_await read_records(redis, std::move(prefix), std::move(found));
  co_return records;
}

Awaitable<std::vector<std::string>> ids_in_state(RedisClient& redis, std::string prefix, std::optional<JobState> state,
                                                 std::vector<std::string> ids) {
  std::vector<Command> commands;
  commands.reserve(ids.size());
  for (const auto& id : ids) commands.push_back({"HGET", job_key(prefix, id), "state"});
  const auto replies = co_await redis.pipeline(std::move(commands));
  std::vector<std::string> found;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    refuse_error(replies[i], "HGET");
    const bool wanted = state ? replies[i].text == name_of(*state) : !replies[i].text.empty();
    if (wanted) found.push_back(std::move(ids[i]));
  }
  co_return found;
}

Awaitable<std::vector<Record>> read_records(RedisClient& redis, std::string prefix, std::vector<std::string> ids) {
  std::vector<Command> commands;
  commands.reserve(ids.size());
  for (const auto& id : ids) commands.push_back({"HGETALL", job_key(prefix, id)});
  const auto replies = co_await redis.pipeline(std::move(commands));
  std::vector<Record> records;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    refuse_error(replies[i], "HGETALL");
    if (!replies[i].items.empty()) records.push_back({.id = ids[i], .fields = fields_of(replies[i])});
  }
  co_return records;
}

}  // namespace queue
