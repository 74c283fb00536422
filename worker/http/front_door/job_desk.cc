#include "worker/http/front_door/job_desk.h"

#include "fhir/reference.h"
#include "worker/http/front_door/async_job.h"
#include "worker/http/front_door/outcome.h"
#include "worker/http/within.h"
#include "worker/log.h"

namespace worker::http::front_door {
namespace {

/// Whom to ask about for a job that is not there: the answer must take as long as where it is.
std::string target_of(const std::optional<queue::Record>& record, const std::string& job) {
  const std::string target = record ? record->field("target") : "";
  return fhir::parse_reference(target) ? target : "AsyncJob/" + job;
}

}  // namespace

Awaitable<queue::Record> JobDesk::shown(std::string job, Visitor visitor) {
  auto record = co_await within(patience_of_callers, records_.find_anywhere(job));
  const std::string target = target_of(record, job);
  co_await authority_.check_reading(std::move(visitor), target);
  if (!record || record->field("target") != target) throw Refused(not_found());
  co_return std::move(*record);
}

Awaitable<Response> JobDesk::status(std::string job, Visitor visitor) {
  const std::string base = visitor.base;
  co_await authority_.recognise(visitor);
  auto record = co_await shown(std::move(job), std::move(visitor));
  const unsigned status = is_over(record.state()) ? 200 : 202;
  auto response = co_await described(std::move(record), base, status);
  co_return response;
}

Awaitable<Response> JobDesk::async_job(std::string job, Visitor visitor) {
  const std::string base = visitor.base;
  co_await authority_.recognise(visitor);
  auto record = co_await shown(std::move(job), std::move(visitor));
  auto response = co_await described(std::move(record), base, 200);
  co_return response;
}

Awaitable<Response> JobDesk::described(queue::Record record, std::string base, unsigned status) {
  std::vector<std::string> failures;
  if (record.state() == queue::JobState::failed)
    failures = co_await within(patience_of_callers, records_.failures(record.id));
  co_return fhir_response(status, async_job_json(record, failures, base));
}

Awaitable<Response> JobDesk::cancel(std::string job, Visitor visitor, Response done) {
  const auto caller = co_await authority_.recognise(visitor);
  if (!caller.admin) throw Refused(forbidden());
  const auto record = co_await shown(job, std::move(visitor));
  if (record.state() == queue::JobState::cancelled) co_return done;
  if (is_over(record.state()))
    co_return bad_request("AsyncJob cannot be cancelled if status is not 'accepted', job had status '" +
                          std::string(async_status(record.state())) + "'");
  co_await within(patience_of_callers, producer_.cancel(job));
  log::event(log::Level::info, "cancel asked for over HTTP",
             {{"job", job}, {"target", record.field("target")}, {"requestedBy", caller.name}});
  co_return done;
}

}  // namespace worker::http::front_door
