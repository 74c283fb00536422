#include "worker/worker.h"

#include <optional>

#include "worker/concurrency.h"

namespace worker {
namespace {

constexpr auto longest_redis_hope = std::chrono::seconds(10);

}  // namespace

Worker::Worker(queue::JobQueue& queue, JobRunner& runner, ServerHealth& health, fhir::Stop& stop,
               service::VitalSigns& signs, Options options)
    : queue_(queue),
      runner_(runner),
      health_(health),
      stop_(stop),
      options_(options),
      claiming_(signs, "the claiming of jobs",
                [this] { return busy_ < slots_ && health_.up() && !stop_.requested(); }) {}

Awaitable<void> Worker::run() {
  GentleGroup group(stop_);
  group.add(health_.watch());
  group.add(hand_back_when_down());
  group.add(hand_back_when_stopped());
  if (options_.drain) group.add(stop_when_drained());
  group.add(keep_slots());
  try {
    co_await group.run();
  } catch (const fhir::Stopped&) {
    // As asked, by somebody or by the slot that failed.
  }
  if (failure_) std::rethrow_exception(failure_);
}

void Worker::stop() {
  queue_.stop_taking();
  runner_.ask_all(StopReason::draining);
  stop_.request();
}

/// Whatever ends the group early ends running jobs too: nobody would be left to take the next ones.
Awaitable<void> Worker::hand_back_when_stopped() {
  try {
    co_await fhir::until_stopped(stop_);
  } catch (const fhir::Stopped&) {
    stop();
  }
}

void Worker::set_jobs(std::size_t jobs) {
  options_.jobs = jobs;
  more_slots_.notify_all();
}

/// Until stopped, and until the last of them is empty.
Awaitable<void> Worker::keep_slots() {
  const auto executor = co_await boost::asio::this_coro::executor;
  OpenGroup slots(executor);
  co_await guarded(add_slots(slots), slots.hold());
  throw fhir::Stopped();
}

Awaitable<void> Worker::add_slots(OpenGroup& slots) {
  try {
    for (;;) {
      while (slots_ < options_.jobs) {
        stop_.check();
        ++slots_;  // before it begins: it may be over at once
        slots.add(slot());
      }
      co_await more_slots_.wait(stop_);
    }
  } catch (const fhir::Stopped&) {
    // As asked; those that are open end by themselves.
  }
  co_await slots.wait_until_empty();
}

/// What ends it early ends all, gently.
Awaitable<void> Worker::slot() {
  try {
    co_await work_in_slot();
  } catch (const fhir::Stopped&) {
    // As asked.
  } catch (...) {
    if (!failure_) failure_ = std::current_exception();
    stop_.request();
  }
  --slots_;
}

/// Until stopped, or one too many.
Awaitable<void> Worker::work_in_slot() {
  while (slots_ <= options_.jobs) {
    co_await health_.wait_until_up();
    stop_.check();
    queue_.resume_taking();
    std::optional<queue::Job> job = co_await take();
    claiming_.moved();
    if (!job) continue;
    ++busy_;
    co_await runner_.run(std::move(*job));
    --busy_;
  }
}

Awaitable<std::optional<queue::Job>> Worker::take() {
  std::optional<queue::Job> job;
  bool unavailable = false;
  try {
    job = co_await queue_.take();
  } catch (const queue::QueueUnavailable&) {
    unavailable = true;  // the queue says so itself, once
  }
  if (unavailable) co_await stop_.pause(std::chrono::seconds(1));
  co_return job;
}

/// While the server is out of reach nothing is claimed, and what is running is handed back: nobody's fault.
Awaitable<void> Worker::hand_back_when_down() {
  for (;;) {
    co_await health_.wait_until_up();
    co_await health_.wait_until_down();
    queue_.stop_taking();
    runner_.ask_all(StopReason::outage);
  }
}

Awaitable<void> Worker::stop_when_drained() {
  for (;;) {
    co_await stop_.pause(std::chrono::milliseconds(100));
    if (health_.hopeless()) break;
    if (!health_.up() || runner_.running() > 0) continue;
    drained_ = co_await queue_is_drained();
    if (drained_) break;
  }
  stop();
}

/// Bears with a Redis that is away for a moment, and throws what it says once it is away for longer.
Awaitable<bool> Worker::queue_is_drained() {
  try {
    const bool drained = co_await queue_.drained();
    queue_answered_ = fhir::Clock::now();
    co_return drained;
  } catch (const queue::QueueUnavailable&) {
    if (fhir::Clock::now() - queue_answered_ >= longest_redis_hope) throw;
  }
  co_return false;
}

}  // namespace worker
