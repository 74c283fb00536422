#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <random>
#include <span>
#include <stdexcept>
#include <unistd.h>

#include "config/bad_usage.h"
#include "worker/cli/commands.h"
#include "worker/cli/entries.h"
#include "worker/cli/watch.h"

namespace worker::cli {
namespace {

/// Few enough that little is unknown when Redis breaks off, enough for its pipeline.
constexpr std::size_t entries_at_once = 1000;

std::vector<AskedEntry> read_entries(const config::Enqueue& asked) {
  if (asked.from.empty() || asked.from == "-") return entries_for(asked, std::cin);
  std::ifstream file(asked.from);
  if (!file) throw config::BadUsage("--from: " + config::not_allowed(asked.from, "a file that can be read, or -"));
  return entries_for(asked, file);
}

/// Jobs can be watched together only by the name of their batch.
std::string made_up_batch() {
  std::random_device random;
  return "enqueue-" + std::to_string(getpid()) + "-" + std::to_string(random());
}

using Chunk = std::span<const AskedEntry>;

std::vector<queue::InboxEntry> entries_in(Chunk chunk) {
  std::vector<queue::InboxEntry> entries;
  for (const AskedEntry& asked : chunk) entries.push_back(asked.entry);
  return entries;
}

/// What of the unanswered chunk Redis has taken all the same is unknown.
std::string broken_off(std::size_t enqueued, std::size_t all, Chunk unanswered, const std::string& why) {
  const std::string first = std::to_string(unanswered.front().line);
  const std::string last = std::to_string(unanswered.back().line);
  return std::to_string(enqueued) + " of " + std::to_string(all) + " were enqueued; the next is line " + first +
         " (lines " + first + " to " + last +
         " may have been taken without an answer; a job that runs twice does no harm): " + why;
}

/// Prints each id as soon as it is had; answers the first.
queue::Awaitable<std::string> enqueue_all(std::vector<AskedEntry> entries, Session& session) {
  std::string first_id;
  for (std::size_t done = 0; done < entries.size();) {
    const Chunk chunk = Chunk(entries).subspan(done, std::min(entries_at_once, entries.size() - done));
    std::vector<queue::InboxEntry> entries_of_chunk = entries_in(chunk);
    try {
      const std::vector<std::string> ids = co_await session.producer.enqueue(std::move(entries_of_chunk));
      for (const std::string& id : ids) session.out << id << '\n';
      session.out.flush();
      if (done == 0) first_id = ids.front();
    } catch (const queue::QueueUnavailable& trouble) {
      if (chunk.front().line == 0) throw;
      throw std::runtime_error(broken_off(done, entries.size(), chunk, trouble.what()));
    }
    done += chunk.size();
  }
  co_return first_id;
}

queue::Awaitable<int> enqueue(config::Enqueue asked, std::vector<AskedEntry> entries, Session& session) {
  const BatchCounts before = co_await batch_now(asked.batch, session);
  const std::size_t count = entries.size();
  const std::string first_id = co_await enqueue_all(std::move(entries), session);
  if (!asked.watch) co_return 0;
  if (asked.from.empty()) {
    const int exit_code = co_await watch_job(first_id, session);
    co_return exit_code;
  }
  const int exit_code = co_await watch_batch(asked.batch, {.before = before, .added = count}, session);
  co_return exit_code;
}

}  // namespace

Errand prepare(const config::Enqueue& asked) {
  config::Enqueue whole = asked;
  if (asked.watch && !asked.from.empty() && asked.batch.empty()) whole.batch = made_up_batch();
  return [whole, entries = read_entries(whole)](Session& session) { return enqueue(whole, entries, session); };
}

}  // namespace worker::cli
