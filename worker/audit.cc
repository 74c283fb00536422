#include "worker/audit.h"

#include <chrono>

#include "fhir/stop.h"
#include "fhir/time_limit.h"
#include "queue/job_queue.h"
#include "worker/audit_line.h"
#include "worker/concurrency.h"

namespace worker {
namespace {

constexpr auto between_looks = std::chrono::seconds(1);
constexpr auto longest_finish = std::chrono::seconds(3);

Awaitable<void> pause(std::chrono::milliseconds time) {
  const auto executor = co_await boost::asio::this_coro::executor;
  fhir::Timer timer(executor, time);
  co_await timer.async_wait(fhir::use_awaitable);
}

}  // namespace

class Audit::Writing {
 public:
  explicit Writing(Audit& audit) : audit_(audit) { audit_.writing_ = true; }
  ~Writing() {
    audit_.writing_ = false;
    audit_.wrote_.notify_all();
  }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;

 private:
  Audit& audit_;
};

Awaitable<void> Audit::run() {
  for (;;) {
    co_await pause(between_looks);
    if (!finishing_) co_await write_all();
  }
}

Awaitable<void> Audit::finish() {
  finishing_ = true;
  const auto until = fhir::Clock::now() + longest_finish;
  while (writing_ && fhir::Clock::now() < until) co_await wrote_.wait(until);
  try {
    co_await guarded(write_all(), fhir::time_limit(until - fhir::Clock::now()));
  } catch (const fhir::TimeIsUp&) {
    co_return;
  }
}

Awaitable<void> Audit::write_all() {
  const Writing writing(*this);
  bool more = true;
  while (more) more = co_await write_some();
}

/// Whether there may be more. First the lines, then they are struck off: what happens in between writes them twice.
Awaitable<bool> Audit::write_some() {
  try {
    auto endings = co_await trail_.borrow();
    for (const auto& ending : endings) write_audit_line(ending);
    const bool more = endings.size() == queue::AuditTrail::most;
    co_await trail_.written(std::move(endings));
    co_return more;
  } catch (const queue::QueueUnavailable&) {
    co_return false;  // the queue reports its own trouble
  }
}

}  // namespace worker
