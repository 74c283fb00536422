#include "worker/worker.h"

#include <optional>

#include "worker/concurrency.h"

namespace worker {

Worker::Worker(queue::JobQueue& queue, JobRunner& runner, ServerHealth& health, fhir::Stop& stop, Options options)
    : queue_(queue), runner_(runner), health_(health), stop_(stop), options_(options) {}

Awaitable<void> Worker::run() {
  GentleGroup group(stop_);
  group.add(health_.watch());
  group.add(hand_back_when_down());
  if (options_.drain) group.add(stop_when_drained());
  for (std::size_t n = 0; n < options_.jobs; ++n) group.add(slot());
  try {
    co_await group.run();
  } catch (const fhir::Stopped&) {
    co_return;  // as asked
  }
}

void Worker::stop() {
  queue_.stop_taking();
  runner_.ask_all(StopReason::draining);
  stop_.request();
}

Awaitable<void> Worker::slot() {
  for (;;) {
    co_await health_.wait_until_up();
    stop_.check();
    queue_.resume_taking();
    std::optional<queue::Job> job = co_await take();
    if (job) co_await runner_.run(std::move(*job));
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
    const bool drained = co_await queue_.drained();
    if (drained) break;
  }
  stop();
}

}  // namespace worker
