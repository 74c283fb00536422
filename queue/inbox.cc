#include "queue/inbox.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <utility>

#include "queue/redis_client.h"
#include "queue/scripts.h"

namespace queue {
namespace {

constexpr std::size_t entries_at_once = 1000;

/// An own id has a letter, so the two kinds are never mistaken for each other.
bool given_by_redis(const std::string& id) {
  const auto dash = id.find('-');
  const auto number = [](const std::string& text) {
    return !text.empty() && text.size() < 20 &&
           std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
  };
  return dash != std::string::npos && number(id.substr(0, dash)) && number(id.substr(dash + 1));
}

bool has_own_id(const Reply& entry, const std::string& id) {
  const auto& pairs = entry.items.at(1).items;
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2)
    if (pairs[i].text == "id" && pairs[i + 1].text == id) return true;
  return false;
}

Awaitable<Reply> entries(RedisClient& redis, std::string inbox, std::string from, std::string to) {
  Command command{"XRANGE", std::move(inbox), std::move(from), std::move(to), "COUNT", std::to_string(entries_at_once)};
  auto reply = co_await redis.execute(std::move(command));
  refuse_error(reply, "XRANGE");
  co_return reply;
}

WaitingEntry entry_of(const Reply& entry) {
  WaitingEntry waiting{.id = entry.items.at(0).text, .fields = {}};
  const auto& pairs = entry.items.at(1).items;
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    auto [field, added] = waiting.fields.try_emplace(pairs[i].text, pairs[i + 1].text);
    if (!added) field->second += "," + pairs[i + 1].text;
  }
  return waiting;
}

/// Whether the entry makes a job of that id.
bool makes_job(const WaitingEntry& entry, const std::string& id) {
  if (!entry.fields.contains("target")) return false;
  const auto own = entry.fields.find("id");
  return (own == entry.fields.end() ? entry.id : own->second) == id;
}

}  // namespace

Awaitable<std::optional<WaitingEntry>> waiting_entry(RedisClient& redis, std::string inbox, std::string job_id,
                                                     std::size_t most) {
  const bool by_entry_id = given_by_redis(job_id);
  std::string from = by_entry_id ? job_id : "-";
  const std::string to = by_entry_id ? job_id : "+";
  for (std::size_t looked_at = 0; looked_at < most;) {
    const auto found = co_await entries(redis, inbox, from, to);
    for (const auto& entry : found.items) {
      auto waiting = entry_of(entry);
      if (makes_job(waiting, job_id)) co_return std::move(waiting);
    }
    if (found.items.size() < entries_at_once) co_return std::nullopt;
    looked_at += found.items.size();
    from = "(" + found.items.back().items.at(0).text;
  }
  throw QueueUnavailable("the inbox is too long to tell whether job " + job_id + " waits in it");
}

Awaitable<bool> inbox_has(RedisClient& redis, std::string inbox, std::string job_id) {
  const bool by_entry_id = given_by_redis(job_id);
  std::string from = by_entry_id ? job_id : "-";
  const std::string to = by_entry_id ? job_id : "+";
  for (;;) {
    const auto found = co_await entries(redis, inbox, from, to);
    if (by_entry_id) co_return !found.items.empty();
    for (const auto& entry : found.items)
      if (has_own_id(entry, job_id)) co_return true;
    if (found.items.size() < entries_at_once) co_return false;
    from = "(" + found.items.back().items.at(0).text;
  }
}

}  // namespace queue
