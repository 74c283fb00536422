#include "queue/newest_records.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <tuple>
#include <utility>

#include "queue/keys.h"
#include "queue/redis_client.h"
#include "queue/replies.h"
#include "queue/scripts.h"

namespace queue {
namespace {

constexpr std::size_t looked_at_once = 500;

const char* zset_of(JobState state) {
  switch (state) {
    case JobState::queued:
      return ":waiting";
    case JobState::scheduled:
      return ":scheduled";
    case JobState::running:
      return ":running";
    case JobState::completed:
    case JobState::failed:
    case JobState::cancelled:
      break;
  }
  return ":finished";
}

Command last_of(const std::string& prefix, JobState state, std::size_t from, std::size_t number) {
  return {"ZREVRANGE", prefix + zset_of(state), std::to_string(from), std::to_string(from + number - 1)};
}

/// Those of the ids that have a record; in their order.
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

/// Ids that Redis gave within one millisecond are told apart by their number, which has no leading zeros.
void newest_first(std::vector<Record>& records) {
  std::ranges::sort(records, std::greater<>(), [](const Record& record) {
    return std::make_tuple(record.number("enqueuedAt"), record.id.size(), record.id);
  });
}

/// Three states share a zset, so more of it is read until enough have the right one.
Awaitable<std::vector<Record>> newest_of(RedisClient& redis, std::string prefix, JobState state, std::size_t limit) {
  std::vector<Record> found;
  bool more = true;
  for (std::size_t from = 0; more && found.size() < limit; from += looked_at_once) {
    auto command = last_of(prefix, state, from, looked_at_once);
    const auto ids = co_await redis.execute(std::move(command));
    refuse_error(ids, "ZREVRANGE");
    auto records = co_await read_records(redis, prefix, texts_of(ids));
    for (auto& record : records)
      if (found.size() < limit && record.state() == state) found.push_back(std::move(record));
    more = ids.items.size() == looked_at_once;
  }
  newest_first(found);
  co_return found;
}

/// The newest of each zset: among them are the newest of all.
Awaitable<std::vector<Record>> newest_of_all(RedisClient& redis, std::string prefix, std::size_t limit) {
  constexpr std::array zsets{JobState::queued, JobState::scheduled, JobState::running, JobState::completed};
  std::vector<Command> commands;
  commands.reserve(zsets.size());
  for (const JobState state : zsets) commands.push_back(last_of(prefix, state, 0, limit));
  const auto replies = co_await redis.pipeline(std::move(commands));
  std::set<std::string> ids;
  for (const auto& reply : replies) {
    refuse_error(reply, "ZREVRANGE");
    for (auto& id : texts_of(reply)) ids.insert(std::move(id));
  }
  std::vector<std::string> highest_first(ids.rbegin(), ids.rend());
  auto records = co_await read_records(redis, std::move(prefix), std::move(highest_first));
  newest_first(records);
  if (records.size() > limit) records.resize(limit);
  co_return records;
}

}  // namespace

Awaitable<std::vector<Record>> newest_records(RedisClient& redis, std::string prefix, std::optional<JobState> state,
                                              std::size_t limit) {
  std::vector<Record> records;
  if (limit == 0) co_return records;
  if (state)
    records = co_await newest_of(redis, std::move(prefix), *state, limit);
  else
    records = co_await newest_of_all(redis, std::move(prefix), limit);
  co_return records;
}

}  // namespace queue
