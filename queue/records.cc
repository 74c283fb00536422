#include "queue/records.h"

#include <charconv>
#include <utility>

#include "queue/inbox.h"
#include "queue/keys.h"
#include "queue/newest_records.h"
#include "queue/redis_client.h"
#include "queue/replies.h"
#include "queue/scripts.h"

namespace queue {
namespace {

/// In the inbox, when it is looked through for an id of a producer's own.
constexpr std::size_t most_waiting = 10000;

/// One command that must not fail.
Awaitable<Reply> ask(RedisClient& redis, Command command) {
  const std::string verb = command.front();
  auto reply = co_await redis.execute(std::move(command));
  refuse_error(reply, verb);
  co_return reply;
}

Awaitable<std::map<std::string, std::string>> read_hash(RedisClient& redis, std::string key) {
  Command command{"HGETALL", std::move(key)};
  const auto reply = co_await ask(redis, std::move(command));
  std::map<std::string, std::string> hash;
  for (auto& [field, value] : fields_of(reply)) hash.emplace(field, value);
  co_return hash;
}

}  // namespace

JobState Record::state() const {
  return job_state(field("state")).value_or(JobState::queued);
}

std::string Record::field(std::string_view name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

std::uint64_t Record::number(std::string_view name) const {
  const std::string text = field(name);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Records::Records(RedisClient& redis, std::string queue_name) : redis_(redis), prefix_(prefix_of(queue_name)) {}

Awaitable<std::optional<Record>> Records::find(std::string job_id) {
  Command command{"HGETALL", job_key(prefix_, job_id)};
  const auto reply = co_await ask(redis_, std::move(command));
  if (reply.items.empty()) co_return std::nullopt;
  co_return Record{.id = std::move(job_id), .fields = fields_of(reply)};
}

/// What is not in the inbox any more has a record since: so that is looked for a second time.
Awaitable<std::optional<Record>> Records::find_anywhere(std::string job_id) {
  auto record = co_await find(job_id);
  if (record) co_return record;
  auto waiting = co_await waiting_entry(redis_, prefix_ + ":inbox", job_id, most_waiting);
  if (!waiting) {
    record = co_await find(job_id);
    co_return record;
  }
  record = Record{.id = std::move(job_id), .fields = std::move(waiting->fields)};
  record->fields.insert_or_assign("state", std::string(name_of(JobState::queued)));
  record->fields.insert_or_assign("enqueuedAt", waiting->id.substr(0, waiting->id.find('-')));
  co_return record;
}

Awaitable<bool> Records::in_inbox(std::string job_id) {
  const bool found = co_await inbox_has(redis_, prefix_ + ":inbox", std::move(job_id));
  co_return found;
}

Awaitable<std::vector<std::string>> Records::failures(std::string job_id) {
  Command command{"LRANGE", job_key(prefix_, job_id) + ":failures", "0", "-1"};
  const auto reply = co_await ask(redis_, std::move(command));
  co_return texts_of(reply);
}

Awaitable<std::vector<Record>> Records::newest(std::optional<JobState> state, std::size_t limit) {
  return newest_records(redis_, prefix_, state, limit);
}

Awaitable<std::map<std::string, std::string>> Records::batch(std::string name) {
  return read_hash(redis_, prefix_ + ":batch:" + name);
}

Awaitable<std::map<std::string, std::string>> Records::stats() {
  return read_hash(redis_, prefix_ + ":stats");
}

Awaitable<Overview> Records::overview() {
  return look_over(redis_, prefix_);
}

Awaitable<std::vector<std::string>> Records::owed(std::string target) {
  return members_of(redis_, owed_key(prefix_, target));
}

}  // namespace queue
