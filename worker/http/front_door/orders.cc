#include "worker/http/front_door/orders.h"

#include <algorithm>

#include "worker/http/front_door/async_job.h"
#include "worker/http/front_door/headers.h"
#include "worker/http/front_door/job_url.h"
#include "worker/http/front_door/order.h"
#include "worker/http/front_door/outcome.h"
#include "worker/http/within.h"
#include "worker/log.h"
#include "worker/traceparent.h"

namespace worker::http::front_door {
namespace {

using namespace std::chrono_literals;
using fhir::Clock;

/// Between looks at a job's record: small jobs are over at once.
constexpr Clock::duration first_pause = 10ms, longest_pause = 250ms;

fhir::SetAccountsParameters wish_of(const Request& request) {
  auto wish = fhir::parse_set_accounts_parameters(request.body);
  if (!wish) throw Refused(bad_request(wish.error().reason));
  return std::move(*wish);
}

}  // namespace

Awaitable<Response> Orders::take(Request request, Visitor visitor, std::string target) {
  const auto until = Clock::now() + options_.sync_timeout;
  if (!is_json(request.field("Content-Type"))) co_return unsupported_media_type();
  const auto caller = co_await authority_.admit(visitor, target);
  const Order order{target, wish_of(request), caller.name, caller.on_behalf_of,
                    valid_traceparent(request.field("traceparent"))};
  const bool async = prefers_async(request.field("Prefer"));
  if (async && !order.wish.propagate)
    co_return bad_request("propagate: must be true with Prefer: respond-async; without it nothing is left to wait for");
  const auto asked =
      co_await within(patience_of_callers, producer_.enqueue_once(target, fingerprint_of(order), entry_of(order)));
  log::event(log::Level::info, "asked for over HTTP",
             {{"job", asked.id}, {"target", target}, {"requestedBy", caller.name}, {"known", asked.known}});
  if (async) co_return accepted(status_url(visitor.base, asked.id));
  auto response = co_await end_of(asked.id, visitor.base, until);
  co_return response;
}

Awaitable<Response> Orders::end_of(std::string job, std::string base, Clock::time_point until) {
  for (Clock::duration pause = first_pause;; pause = std::min(pause * 3 / 2, longest_pause)) {
    auto record = co_await within(patience_of_callers, records_.find_anywhere(job));
    // A failover may have lost it; asked again, it is a new job.
    if (!record) co_return unavailable("The queue knows nothing of job " + job + " any more; try again", 1s);
    if (is_over(record->state())) {
      auto response = co_await response_of(std::move(*record));
      co_return response;
    }
    const auto left = until - Clock::now();
    if (left <= Clock::duration::zero()) co_return still_running(job, status_url(base, job));
    co_await stop_.pause(std::min(pause, left));
  }
}

Awaitable<Response> Orders::response_of(queue::Record record) {
  if (record.state() == queue::JobState::completed) co_return fhir_response(200, output_json(record));
  if (record.state() == queue::JobState::cancelled)
    co_return conflict("Job " + record.id + " was cancelled before it was done");
  const auto failures = co_await within(patience_of_callers, records_.failures(record.id));
  co_return bad_request(issues_of(record, failures));
}

}  // namespace worker::http::front_door
