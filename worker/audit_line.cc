#include "worker/audit_line.h"

#include "worker/log.h"
#include "worker/timestamp.h"
#include "worker/traceparent.h"

namespace worker {
namespace {

/// What the target has now, as far as the ending tells: of a job that did not complete nobody knows.
std::string accounts_after(const queue::Ending& ending, const queue::Record& record) {
  if (ending.state != queue::JobState::completed) return {};
  return record.field(record.field("dryRun") == "true" ? "accountsBefore" : "accounts");
}

void write(const queue::Ending& ending, const queue::Record& record) {
  const bool counted = ending.record_is_of_this();
  const auto if_counted = [&](std::string_view name) { return counted ? record.field(name) : std::string(); };
  log::audit("job " + std::string(name_of(ending.state)),
             {{"job", ending.job},
              {"target", ending.target},
              {"requestedBy", record.field("requestedBy")},
              {"onBehalfOf", record.field("onBehalfOf")},
              {"batch", record.field("batch")},
              {"propagate", record.field("propagate")},
              {"dryRun", record.field("dryRun")},
              {"accountsRequested", record.field("accounts")},
              {"accountsBefore", record.field("accountsBefore")},
              {"accountsAfter", accounts_after(ending, record)},
              {"removals", if_counted("removals")},
              {"resourcesUpdated", if_counted("resourcesUpdated")},
              {"resourcesWritten", if_counted("resourcesWritten")},
              {"resourcesToWrite", if_counted("resourcesToWrite")},
              {"resourcesUnchanged", if_counted("resourcesUnchanged")},
              {"resourcesGone", if_counted("resourcesGone")},
              {"resourcesFailed", if_counted("resourcesFailed")},
              {"resourcesTotal", if_counted("resourcesTotal")},
              {"attempt", if_counted("attempt")},
              {"worker", if_counted("worker")},
              {"traceparent", valid_traceparent(record.field("traceparent"))},
              {"enqueuedAt", timestamp(record.number("enqueuedAt"))},
              {"startedAt", counted ? timestamp(record.number("startedAt")) : ""},
              {"finishedAt", timestamp(static_cast<std::uint64_t>(ending.finished_at))}});
}

}  // namespace

void write_audit_line(const queue::Ending& ending) {
  static const queue::Record nothing_known;
  write(ending, ending.record ? *ending.record : nothing_known);
}

}  // namespace worker
