#include "tests/chaos/producer.h"

#include <algorithm>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "queue/clock.h"
#include "queue/job_queue.h"

namespace chaos {
namespace {

using namespace std::chrono_literals;
using Entry = std::vector<std::string>;

constexpr auto answer_limit = 700ms;
constexpr auto replica_limit = 500ms;

std::string joined(const std::vector<std::string>& accounts) {
  std::string text;
  for (const std::string& account : accounts) text += (text.empty() ? "" : ",") + account;
  return text;
}

void add(Entry& fields, const std::string& name, std::string value) {
  fields.push_back(name);
  fields.push_back(std::move(value));
}

std::string own_id(const AskedJob& job) {
  return "own." + std::to_string(job.number);
}

Entry entry_of(const AskedJob& job) {
  Entry fields;
  add(fields, "target", job.target);
  if (job.flaw != Flaw::no_accounts)
    add(fields, "accounts", job.flaw == Flaw::no_reference ? "nobody" : joined(job.accounts));
  add(fields, "propagate", job.propagate ? "true" : "false");
  add(fields, "requestedBy", "chaos-" + std::to_string(job.number));
  if (job.flaw == Flaw::bad_priority) add(fields, "priority", "high");
  if (job.priority != 0 && job.flaw != Flaw::bad_priority) add(fields, "priority", std::to_string(job.priority));
  if (job.delay != 0ms) add(fields, "delay", std::to_string(job.delay.count()));
  if (job.dry_run) add(fields, "dryRun", "true");
  if (!job.batch.empty()) add(fields, "batch", job.batch);
  if (job.own_id) add(fields, "id", own_id(job));
  return fields;
}

}  // namespace

queue::Awaitable<void> Producer::add(AskedJob job) {
  Entry entry = entry_of(job);
  added_.emplace_back().job = job;
  const std::size_t at = added_.size() - 1;
  if (job.own_id) {
    co_await add_until_answered(entry);
    if (job.repeated) co_await add_until_answered(entry);
    added_[at].id = own_id(job);
  } else {
    added_[at].id = co_await add_once(entry);
  }
}

queue::Awaitable<void> Producer::cancel(int job) {
  Added* known = find(job);
  if (known == nullptr) co_return;
  known->cancelled = true;
  co_await add_until_answered({"cancel", known->id});
}

queue::Awaitable<void> Producer::retry(int job) {
  Added* known = find(job);
  if (known == nullptr) co_return;
  known->retried = true;
  co_await add_until_answered({"retry", known->id});
}

queue::Awaitable<void> Producer::pause(bool on) {
  if (on) pauses_.push_back({.from = now()});
  co_await add_until_answered({"pause", on ? "true" : "false"});
  if (!on && !pauses_.empty() && pauses_.back().to == 0) pauses_.back().to = now();
}

queue::Awaitable<std::string> Producer::add_until_answered(std::vector<std::string> fields) {
  const auto executor = co_await boost::asio::this_coro::executor;
  std::string id = co_await add_once(fields);
  while (id.empty()) {
    queue::Timer timer(executor, 20ms);
    co_await timer.async_wait(queue::use_awaitable);
    ++repetitions_;
    id = co_await add_once(fields);
  }
  co_return id;
}

/// The entry's id; empty when Redis did not answer, and may have taken it or not.
queue::Awaitable<std::string> Producer::add_once(std::vector<std::string> fields) {
  queue::Command command{"XADD", "{set-accounts}:inbox", "*"};
  command.insert(command.end(), fields.begin(), fields.end());
  std::vector<queue::Command> commands{std::move(command)};
  if (replicas_ > 0) commands.push_back({"WAIT", std::to_string(replicas_), std::to_string(replica_limit.count())});
  std::string id;
  try {
    const std::vector<queue::Reply> replies = co_await redis_.pipeline(std::move(commands), answer_limit);
    const bool sure = replicas_ == 0 || replies.back().number >= replicas_;
    if (!replies.front().is_error() && sure) id = replies.front().text;
  } catch (const queue::QueueUnavailable&) {
    id.clear();
  }
  co_return id;
}

/// Nobody can name a job whose id he never learnt.
Added* Producer::find(int job) {
  const auto found = std::ranges::find_if(added_, [&](const Added& added) { return added.job.number == job; });
  return found == added_.end() || found->id.empty() ? nullptr : &*found;
}

}  // namespace chaos
