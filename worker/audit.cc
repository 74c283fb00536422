#include "worker/audit.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "fhir/stop.h"
#include "fhir/time_limit.h"
#include "queue/job_queue.h"
#include "worker/audit_line.h"
#include "worker/concurrency.h"
#include "worker/log.h"

namespace worker {
namespace {

constexpr auto between_looks = std::chrono::seconds(1);
constexpr auto longest_finish = std::chrono::seconds(3);

Awaitable<void> wait_for_next_look() {
  const auto executor = co_await boost::asio::this_coro::executor;
  fhir::Timer timer(executor, between_looks);
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
    co_await wait_for_next_look();
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
  if (!log::flush()) co_return false;
  try {
    if (lent_.empty() || fhir::Clock::now() >= lent_until_) co_await borrow();
    const auto unwritten = std::ranges::find_if_not(lent_, write_audit_line);
    const bool log_is_full = unwritten != lent_.end();
    const bool more = !log_is_full && lent_.size() == queue::AuditTrail::most;
    std::vector<queue::Ending> written(std::move_iterator(lent_.begin()), std::move_iterator(unwritten));
    lent_.erase(lent_.begin(), unwritten);
    co_await trail_.written(std::move(written));
    co_return more;
  } catch (const queue::QueueUnavailable&) {
    co_return false;  // the queue reports its own trouble
  }
}

Awaitable<void> Audit::borrow() {
  lent_.clear();
  lent_until_ = fhir::Clock::now() + queue::AuditTrail::lent_for;
  auto endings = co_await trail_.borrow();
  lent_ = std::move(endings);
}

}  // namespace worker
