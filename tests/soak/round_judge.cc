#include "tests/soak/round_judge.h"

namespace soak {
namespace {

std::string field(const test::RecordFields& record, const std::string& name) {
  const auto found = record.find(name);
  return found == record.end() ? "" : found->second;
}

bool may_end_so(Kind kind, const std::string& state, const test::RecordFields& record) {
  switch (kind) {
    case Kind::plain:
    case Kind::dry_run:
      return state == "completed";
    case Kind::flawed:
      return state == "failed" && field(record, "error").starts_with("accounts: ");
    case Kind::cancelled:
      return state == "completed" || state == "cancelled";
    case Kind::refused:
      return state == "failed" && field(record, "resourcesFailed") == "1";
  }
  return false;
}

}  // namespace

bool is_over(const test::RecordFields& record) {
  const std::string state = field(record, "state");
  return state == "completed" || state == "failed" || state == "cancelled";
}

std::string judge(const PlannedJob& job, const test::RecordFields& record, bool target_written,
                  sandbox::Oracle& oracle) {
  const std::string state = field(record, "state");
  const std::string told = job.request.target + ": is " + state + ": " + field(record, "error");
  if (!may_end_so(job.kind, state, record)) return told;
  if (job.kind == Kind::dry_run || job.kind == Kind::flawed) return "";
  if (state != "completed") {
    if (target_written || record.contains("removals")) oracle.abandoned(job.request, target_written);
    return "";
  }
  oracle.expect(job.request);
  const std::string updated = std::to_string(oracle.resources_updated());
  return field(record, "resourcesUpdated") == updated ? "" : told + "; there are " + updated + " resources to update";
}

}  // namespace soak
