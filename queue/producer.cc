#include "queue/producer.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

#include "queue/keys.h"
#include "queue/move_arguments.h"
#include "queue/redis_client.h"
#include "queue/scripts.h"

namespace queue {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t written_at_once = 1000;

/// For how long a request is known again, from the last time it was made.
constexpr auto remembered = std::chrono::milliseconds(24h);

Command add_to_inbox(const std::string& prefix, const InboxEntry& entry) {
  Command command{"XADD", prefix + ":inbox", "*"};
  for (const auto& [field, value] : entry) {
    command.push_back(field);
    command.push_back(value);
  }
  return command;
}

/// An entry's own id where it brings one, else the id that Redis gave it.
std::string id_of(const InboxEntry& entry, const Reply& added) {
  const auto own = std::ranges::find(entry, "id", &InboxEntry::value_type::first);
  return own == entry.end() ? added.text : own->second;
}

Awaitable<void> send(RedisClient& redis, Command command) {
  const auto reply = co_await redis.execute(std::move(command));
  refuse_error(reply, "XADD");
}

}  // namespace

Producer::Producer(RedisClient& redis, std::string queue_name) : redis_(redis), prefix_(prefix_of(queue_name)) {}

Awaitable<std::vector<std::string>> Producer::enqueue(std::vector<InboxEntry> entries) {
  std::vector<std::string> ids;
  ids.reserve(entries.size());
  while (ids.size() < entries.size()) {
    const auto end = std::min(entries.size(), ids.size() + written_at_once);
    std::vector<Command> commands;
    for (auto i = ids.size(); i < end; ++i) commands.push_back(add_to_inbox(prefix_, entries[i]));
    const auto replies = co_await redis_.pipeline(std::move(commands), 30s);
    for (const auto& reply : replies) {
      refuse_error(reply, "XADD");
      ids.push_back(id_of(entries[ids.size()], reply));
    }
  }
  co_return ids;
}

Awaitable<Producer::Asked> Producer::enqueue_once(std::string target, std::string fingerprint, InboxEntry entry) {
  std::vector<std::string> arguments{std::move(target), std::move(fingerprint), milliseconds(remembered)};
  for (auto& [field, value] : entry) {
    arguments.push_back(std::move(field));
    arguments.push_back(std::move(value));
  }
  const auto reply = co_await run_script(redis_, scripts::enqueue_once, prefix_, std::move(arguments));
  co_return Asked{.id = reply.items.at(0).text, .known = reply.items.at(1).text == "known"};
}

Awaitable<void> Producer::cancel(std::string job_id) {
  Command command{"XADD", prefix_ + ":inbox", "*", "cancel", std::move(job_id)};
  return send(redis_, std::move(command));
}

Awaitable<void> Producer::retry(std::string job_id) {
  Command command{"XADD", prefix_ + ":inbox", "*", "retry", std::move(job_id)};
  return send(redis_, std::move(command));
}

Awaitable<void> Producer::pause(bool paused) {
  Command command{"XADD", prefix_ + ":inbox", "*", "pause", paused ? "true" : "false"};
  return send(redis_, std::move(command));
}

Awaitable<bool> Producer::forgive(std::string target, std::string account) {
  Command command{"SREM", owed_key(prefix_, target), std::move(account)};
  const auto reply = co_await redis_.execute(std::move(command));
  refuse_error(reply, "SREM");
  co_return reply.number == 1;
}

}  // namespace queue
