#include "worker/job_events.h"

#include "worker/log.h"
#include "worker/traceparent.h"

namespace worker {
namespace {

std::string_view field_of(const queue::Job& job, std::string_view name) {
  const auto found = job.fields.find(name);
  return found == job.fields.end() ? std::string_view() : found->second;
}

std::string_view sentence(AttemptEnd end) {
  switch (end) {
    case AttemptEnd::completed:
      return "job completed";
    case AttemptEnd::failed:
      return "job failed";
    case AttemptEnd::again:
      return "attempt failed, another follows";
    case AttemptEnd::cancelled:
      return "job cancelled";
    case AttemptEnd::handed_back:
      return "job handed back";
    case AttemptEnd::lost:
      return "job lost to another worker";
    case AttemptEnd::left:
      return "job left to its lease";
  }
  return "attempt ended";
}

log::Level level_of(AttemptEnd end) {
  const bool as_it_should =
      end == AttemptEnd::completed || end == AttemptEnd::cancelled || end == AttemptEnd::handed_back;
  return as_it_should ? log::Level::info : log::Level::warning;
}

}  // namespace

void log_claimed(const queue::Job& job) {
  log::event(log::Level::info, "job claimed",
             {{"job", job.id},
              {"target", job.target},
              {"attempt", job.attempt},
              {"worker", field_of(job, "worker")},
              {"requestedBy", field_of(job, "requestedBy")},
              {"onBehalfOf", field_of(job, "onBehalfOf")},
              {"traceparent", valid_traceparent(field_of(job, "traceparent"))}});
}

void log_attempt_end(const queue::Job& job, AttemptEnd end, const queue::Counts& counts, std::string_view why) {
  log::event(level_of(end), sentence(end),
             {{"job", job.id},
              {"target", job.target},
              {"attempt", job.attempt},
              {"worker", field_of(job, "worker")},
              {"requestedBy", field_of(job, "requestedBy")},
              {"onBehalfOf", field_of(job, "onBehalfOf")},
              {"traceparent", valid_traceparent(field_of(job, "traceparent"))},
              {"resourcesUpdated", counts.updated},
              {"resourcesWritten", counts.written},
              {"resourcesFailed", counts.failed},
              {"why", why}});
}

}  // namespace worker
