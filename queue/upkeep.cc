#include "queue/upkeep.h"

#include <algorithm>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "queue/job_queue.h"
#include "queue/redis_client.h"
#include "queue/scripts.h"

namespace queue {
namespace {

using namespace std::chrono_literals;

constexpr auto beat_of_the_house = 1s;                   ///< no promotion is put off longer than this
constexpr std::chrono::milliseconds longest_trust = 3s;  ///< in that no lease ends earlier than was known

Awaitable<void> pause(Clock::duration time) {
  const auto executor = co_await boost::asio::this_coro::executor;
  Timer timer(executor, time);
  co_await timer.async_wait(use_awaitable);
}

}  // namespace

Upkeep::Upkeep(RedisClient& redis, Moves& moves, Claims& claims, std::chrono::milliseconds lease, Listeners listeners)
    : redis_(redis), moves_(moves), claims_(claims), lease_(lease), listeners_(std::move(listeners)) {}

Awaitable<void> Upkeep::run() {
  for (;;) {
    bool failed = false;
    try {
      co_await turn();
      failures_ = 0;
    } catch (const MoveRefused& refusal) {
      failed = true;
      troubled(refusal.what());
    } catch (const QueueUnavailable&) {
      failed = true;
    }
    tried();
    if (failed) co_await pause(about(std::min<Clock::duration>(50ms * (1 << std::min(failures_++, 6)), 2s)));
  }
}

Awaitable<void> Upkeep::turn() {
  const bool entries_wait = co_await listen();
  tried();
  if (entries_wait) co_await take_in();
  tried();
  if (Clock::now() >= next_promotion_) co_await promote_and_sweep();
  tried();
  if (Clock::now() >= next_forgetting_) co_await forget();
}

/// Waits for news until the next promotion is due; whether entries wait in the inbox.
Awaitable<bool> Upkeep::listen() {
  const auto time = std::chrono::ceil<std::chrono::milliseconds>(next_promotion_ - Clock::now());
  const auto block = std::clamp<std::chrono::milliseconds>(time, 1ms, beat_of_the_house);
  const std::string inbox = moves_.prefix() + ":inbox";
  Command command{"XREAD",
                  "COUNT",
                  "1",
                  "BLOCK",
                  std::to_string(block.count()),
                  "STREAMS",
                  inbox,
                  moves_.prefix() + ":wake",
                  "0",
                  claims_.last_wake()};
  const auto reply = co_await redis_.execute_blocking(std::move(command), block + 5s);
  refuse_error(reply, "XREAD");
  bool entries_wait = false;
  for (const auto& stream : reply.items) {
    if (stream.items.at(0).text == inbox) {
      entries_wait = true;
    } else {
      claims_.seen_wake(stream.items.at(1).items.at(0).items.at(0).text);
      claims_.wake();
    }
  }
  co_return entries_wait;
}

/// Until the inbox is empty or a promotion is due: however many entries keep coming, the rest of the upkeep has its
/// turn.
Awaitable<void> Upkeep::take_in() {
  bool more = true;
  while (more) {
    const auto taken = co_await moves_.take_in();
    if (taken.entries > 0) {
      claims_.wake();
      troubled({});
    }
    if (taken.scheduled > 0) next_promotion_ = Clock::now();
    more = taken.entries == Moves::most_entries && Clock::now() < next_promotion_;
  }
}

/// A promotion is always answered right before a sweep: so a sweep goes out on a connection that is known to work.
/// However many are due, one move at a time: the inbox has its turn in between.
Awaitable<void> Upkeep::promote_and_sweep() {
  const auto asked = Clock::now();
  const auto promoted = co_await moves_.promote();
  const auto now = Clock::now();
  claims_.renewals_fail(false);
  const auto due = promoted.next_due.value_or(beat_of_the_house);
  next_promotion_ = now + std::min<std::chrono::milliseconds>(due, beat_of_the_house);
  if (redis_time_.leapt(promoted.redis_time, asked, now, lease_ / 3)) no_sweep_before_ = now + lease_;
  if (may_sweep()) co_await sweep(promoted.redis_time);
}

/// Not within one lease after a new connection: whoever could not renew while Redis was away gets the time to.
bool Upkeep::may_sweep() {
  const auto now = Clock::now();
  if (redis_.connections_made() != connection_) {
    if (connection_ != 0) no_sweep_before_ = now + lease_;
    connection_ = redis_.connections_made();
  }
  return now >= next_sweep_ && now >= no_sweep_before_;
}

/// The next one when a lease may end, and now and then, for leases that are shorter than those that were there.
Awaitable<void> Upkeep::sweep(std::int64_t asked_at) {
  next_sweep_ = Clock::now() + longest_trust;  // also if this one is refused
  const auto swept = co_await moves_.sweep(asked_at);
  const auto next_end = swept.next_end.value_or(longest_trust);
  const bool more = next_end == 0ms && swept.jobs > 0;
  next_sweep_ = Clock::now();
  if (!more) next_sweep_ += std::min<Clock::duration>(next_end, longest_trust) + about(100ms);
  next_promotion_ = std::min(next_promotion_, next_sweep_);
  troubled({});
}

Awaitable<void> Upkeep::forget() {
  next_forgetting_ = Clock::now() + about(10s);
  const auto looked_at = co_await moves_.expire();
  if (looked_at == Moves::most_expired) next_forgetting_ = Clock::now();
}

void Upkeep::tried() const {
  if (listeners_.on_try) listeners_.on_try();
}

/// Once a change: connections that break are told by the client, this is for a Redis that answers and refuses. Only a
/// move that wrote something shows that it no longer does.
void Upkeep::troubled(const std::string& why) {
  if (std::exchange(trouble_, why) != why && listeners_.on_trouble) listeners_.on_trouble(why);
}

/// Somewhere between three and five quarters: many workers shall not act in step.
Clock::duration Upkeep::about(Clock::duration time) {
  return time * std::uniform_int_distribution<std::int64_t>(75, 125)(random_) / 100;
}

}  // namespace queue
