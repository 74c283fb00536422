#include "worker/audit_line.h"

#include <algorithm>

#include "fhir/accounts.h"
#include "fhir/reference.h"
#include "worker/log.h"
#include "worker/request.h"
#include "worker/timestamp.h"
#include "worker/traceparent.h"

namespace worker {
namespace {

/// The references in what a producer gave as `accounts`, or in what a worker made of it; nothing if there is anything
/// else in it, which nobody has looked at yet.
std::string references_in(const std::string& text) {
  constexpr std::string_view between = "[]\", \t\r\n";
  fhir::Accounts accounts;
  for (std::size_t begin = text.find_first_not_of(between); begin != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(between, begin), text.size());
    const auto reference = fhir::parse_reference(std::string_view(text).substr(begin, end - begin));
    if (!reference) return {};
    accounts.push_back(fhir::account(reference->str()));
    begin = text.find_first_not_of(between, end);
  }
  return references_json(accounts);
}

/// A producer may have written anything there.
std::string if_boolean(const std::string& text) {
  return text == "true" || text == "false" ? text : std::string();
}

/// What the target has now, as far as the ending tells: of a job that did not complete nobody knows.
std::string accounts_after(const queue::Ending& ending, const queue::Record& record) {
  if (ending.state != queue::JobState::completed) return {};
  const bool dry_run = record.field("dryRun") == "true";
  return dry_run ? record.field("accountsBefore") : references_in(record.field("accounts"));
}

bool write(const queue::Ending& ending, const queue::Record& record) {
  const bool counted = ending.record_is_of_this();
  const auto if_counted = [&](std::string_view name) { return counted ? record.field(name) : std::string(); };
  return log::audit(
      "job " + std::string(name_of(ending.state)),
      {{"job", ending.job},
       {"target", ending.target},
       {"requestedBy", record.field("requestedBy")},
       {"onBehalfOf", record.field("onBehalfOf")},
       {"batch", record.field("batch")},
       {"propagate", if_boolean(record.field("propagate"))},
       {"dryRun", if_boolean(record.field("dryRun"))},
       {"accountsRequested", record.fields.contains("accounts") ? references_in(record.field("accounts")) : ""},
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

bool write_audit_line(const queue::Ending& ending) {
  static const queue::Record nothing_known;
  return write(ending, ending.record ? *ending.record : nothing_known);
}

}  // namespace worker
