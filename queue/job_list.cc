#include "queue/job_list.h"

#include <optional>
#include <set>
#include <utility>

#include "queue/keys.h"
#include "queue/newest_records.h"
#include "queue/redis_client.h"
#include "queue/replies.h"
#include "queue/scripts.h"

namespace queue {
namespace {

constexpr std::size_t ids_at_once = 500;
constexpr std::size_t looked_at_most = 5000;

/// Where the jobs stand, and what their state has to be; nothing: any that stands there.
struct Index {
  std::string key;
  bool newest_first = false;
  std::optional<JobState> state;
};

Index index_of(const std::string& prefix, Which which) {
  switch (which) {
    case Which::all:
      return {prefix + ":jobs", true, {}};
    case Which::queued:
      return {prefix + ":waiting", false, {}};
    case Which::scheduled:
      return {prefix + ":scheduled", false, {}};
    case Which::running:
      return {prefix + ":running", false, {}};
    case Which::finished:
      return {prefix + ":finished", true, {}};
    case Which::completed:
      return {prefix + ":finished", true, JobState::completed};
    case Which::failed:
      return {prefix + ":finished", true, JobState::failed};
    case Which::cancelled:
      return {prefix + ":finished", true, JobState::cancelled};
  }
  return {};
}

Awaitable<std::vector<std::string>> ids_from(RedisClient& redis, Index index, std::size_t from, std::size_t number) {
  Command command{index.newest_first ? "ZREVRANGE" : "ZRANGE", index.key, std::to_string(from),
                  std::to_string(from + number - 1)};
  const auto reply = co_await redis.execute(std::move(command));
  refuse_error(reply, index.newest_first ? "ZREVRANGE" : "ZRANGE");
  co_return texts_of(reply);
}

}  // namespace

Awaitable<JobList> list_jobs(RedisClient& redis, std::string queue_name, Which which, std::size_t limit) {
  const std::string prefix = prefix_of(queue_name);
  const Index index = index_of(prefix, which);
  const std::size_t step = index.state ? ids_at_once : limit + 1;
  std::vector<std::string> found;
  std::set<std::string> seen;  // ranks shift while jobs come and go
  bool more = true;
  for (std::size_t from = 0; more && found.size() <= limit && from < looked_at_most; from += step) {
    auto ids = co_await ids_from(redis, index, from, step);
    more = ids.size() == step;
    std::erase_if(ids, [&](const std::string& id) { return !seen.insert(id).second; });
    auto in_state = co_await ids_in_state(redis, prefix, index.state, std::move(ids));
    found.insert(found.end(), in_state.begin(), in_state.end());
  }
  JobList list{.records = {}, .more = more || found.size() > limit};
  if (found.size() > limit) found.resize(limit);
  if (!found.empty()) list.records = co_await read_records(redis, prefix, std::move(found));
  co_return list;
}

}  // namespace queue
