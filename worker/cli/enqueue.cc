#include <fstream>
#include <iostream>
#include <random>
#include <unistd.h>

#include "config/bad_usage.h"
#include "worker/cli/commands.h"
#include "worker/cli/entries.h"
#include "worker/cli/watch.h"

namespace worker::cli {
namespace {

std::vector<queue::InboxEntry> read_entries(const config::Enqueue& asked) {
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

queue::Awaitable<int> enqueue(config::Enqueue asked, std::vector<queue::InboxEntry> entries, Session& session) {
  const BatchCounts before = co_await batch_now(asked.batch, session);
  const std::size_t count = entries.size();
  const std::vector<std::string> ids = co_await session.producer.enqueue(std::move(entries));
  for (const std::string& id : ids) session.out << id << '\n';
  session.out.flush();
  if (!asked.watch) co_return 0;
  if (asked.from.empty()) {
    const int exit_code = co_await watch_job(ids.front(), session);
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
