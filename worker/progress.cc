#include "worker/progress.h"

#include <functional>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace worker {
namespace {

using fhir::Outcome;

/// Of the failure list; the count is exact beyond it (1-semantics, The counts).
constexpr std::size_t max_failures_kept = 1000;

std::uint64_t key_of(const fhir::Reference& resource) {
  return std::hash<std::string>{}(resource.str());
}

std::string failure_json(const fhir::Reference& resource, const fhir::Patched& patched) {
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer> writer(out);
  const std::string reference = resource.str();
  writer.StartObject();
  writer.Key("reference");
  writer.String(reference.data(), static_cast<rapidjson::SizeType>(reference.size()));
  writer.Key("status");
  writer.Uint(patched.status);
  writer.Key("diagnostics");
  writer.String(patched.diagnostics.data(), static_cast<rapidjson::SizeType>(patched.diagnostics.size()));
  writer.EndObject();
  return {out.GetString(), out.GetSize()};
}

/// What was written in this attempt and is found right later was still written by it.
Outcome merged(Outcome before, Outcome now) {
  return before == Outcome::written && now == Outcome::unchanged ? before : now;
}

}  // namespace

Progress::Progress(bool dry_run, std::uint64_t written_before) : dry_run_(dry_run) {
  counts_.written = written_before;
}

void Progress::enter(queue::Phase phase, int pass) {
  phase_ = phase;
  pass_ = pass;
  ++revision_;
}

void Progress::planned(std::string accounts_json, std::string removals_json) {
  accounts_json_ = std::move(accounts_json);
  removals_json_ = std::move(removals_json);
  ++revision_;
}

void Progress::see(const fhir::Reference& resource) {
  if (!outcomes_.try_emplace(key_of(resource)).second) return;
  ++counts_.total;
  ++revision_;
}

void Progress::count(const fhir::Reference& resource, const fhir::Patched& patched) {
  see(resource);
  ++revision_;
  if (patched.outcome == Outcome::written) {
    ++writes_;
    ++counts_.written;
  }
  const auto known = outcomes_.find(key_of(resource));
  const std::optional<Outcome> before = known->second;
  const Outcome outcome = before ? merged(*before, patched.outcome) : patched.outcome;
  if (before) enroll(*before, std::uint64_t(-1));
  failures_.erase(resource.str());
  if (outcome == Outcome::not_a_member) {
    --counts_.total;
    outcomes_.erase(known);
    return;
  }
  enroll(outcome, 1);
  known->second = outcome;
  if (outcome == Outcome::failed && failures_.size() < max_failures_kept)
    failures_.emplace(resource.str(), failure_json(resource, patched));
}

/// Adds one resource to the counts of its outcome, or takes it out (by = −1, modulo 2^64).
void Progress::enroll(Outcome outcome, std::uint64_t by) {
  switch (outcome) {
    case Outcome::unchanged:
      counts_.unchanged += by;
      counts_.updated += by;
      return;
    case Outcome::written:
      counts_.updated += by;
      return;
    case Outcome::to_write:
      counts_.to_write += by;
      return;
    case Outcome::gone:
      counts_.gone += by;
      return;
    case Outcome::failed:
      counts_.failed += by;
      return;
    case Outcome::not_a_member:
      return;
  }
}

bool Progress::failed_at(const fhir::Reference& resource, const std::string& version_id) const {
  const auto found = refused_versions_.find(key_of(resource));
  return found != refused_versions_.end() && found->second == version_id;
}

void Progress::remember_failure(const fhir::Reference& resource, const std::string& version_id) {
  refused_versions_.insert_or_assign(key_of(resource), version_id);
}

queue::Progress Progress::report() const {
  queue::Progress report;
  report.phase = phase_;
  report.pass = pass_;
  report.dry_run = dry_run_;
  report.counts = counts_;
  report.accounts = accounts_json_;
  report.removals = removals_json_;
  return report;
}

queue::Progress Progress::final_report() const {
  queue::Progress last = report();
  for (const auto& [reference, failure] : failures_) last.failures.push_back(failure);
  return last;
}

}  // namespace worker
