#include "worker/progress.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace worker {
namespace {

using fhir::Outcome;

/// Of the failure list; the count is exact beyond it (1-semantics, The counts).
constexpr std::size_t max_failures_kept = 1000;

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

Fate fate_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::written:
      return Fate::written;
    case Outcome::unchanged:
      return Fate::unchanged;
    case Outcome::to_write:
      return Fate::to_write;
    case Outcome::gone:
      return Fate::gone;
    case Outcome::not_a_member:
      return Fate::none;
    case Outcome::failed:
      return Fate::failed;
  }
  return Fate::none;
}

/// What was written in this attempt and is found right later was still written by it.
Fate merged(Fate before, Fate now) {
  return before == Fate::written && now == Fate::unchanged ? before : now;
}

}  // namespace

Progress::Progress(bool dry_run, std::uint64_t written_before, Outcomes* all_attempts)
    : dry_run_(dry_run), all_attempts_(all_attempts) {
  counts_.written = written_before;
}

void Progress::enter(queue::Phase phase, int pass) {
  phase_ = phase;
  pass_ = pass;
  ++revision_;
}

void Progress::planned(std::string accounts_json, std::string removals_json, std::string before_json) {
  accounts_json_ = std::move(accounts_json);
  removals_json_ = std::move(removals_json);
  if (before_json_.empty()) before_json_ = std::move(before_json);
  ++revision_;
}

void Progress::see(const fhir::Reference& resource) {
  see(seen_.at({resource.type, resource.id}));
}

void Progress::see(SeenResources::Place resource) {
  if (resource.fate() != Fate::none) return;
  resource.become(Fate::awaited);
  ++counts_.total;
  ++revision_;
}

void Progress::count(const fhir::Reference& resource, const fhir::Patched& patched) {
  SeenResources::Place place = seen_.at({resource.type, resource.id});
  see(place);
  ++revision_;
  if (all_attempts_) ++(*all_attempts_)[static_cast<std::size_t>(patched.outcome)];
  if (patched.outcome == Outcome::written) {
    ++writes_;
    ++counts_.written;
  }
  const Fate before = place.fate(), fate = merged(before, fate_of(patched.outcome));
  enroll(before, std::uint64_t(-1));
  enroll(fate, 1);
  place.become(fate);
  if (fate == Fate::none) --counts_.total;
  if (before == Fate::failed) failures_.erase(resource.str());
  if (fate == Fate::failed && failures_.size() < max_failures_kept)
    failures_.emplace(resource.str(), failure_json(resource, patched));
}

/// Adds one resource to the counts of its fate, or takes it out (by = −1, modulo 2^64).
void Progress::enroll(Fate fate, std::uint64_t by) {
  switch (fate) {
    case Fate::unchanged:
      counts_.unchanged += by;
      counts_.updated += by;
      return;
    case Fate::written:
      counts_.updated += by;
      return;
    case Fate::to_write:
      counts_.to_write += by;
      return;
    case Fate::gone:
      counts_.gone += by;
      return;
    case Fate::failed:
      counts_.failed += by;
      return;
    case Fate::none:
    case Fate::awaited:
      return;
  }
}

bool Progress::failed_at(const fhir::Reference& resource, const std::string& version_id) const {
  return !refused_.empty() && refused_.fate_of({resource.type, resource.id, version_id}) == Fate::failed;
}

void Progress::remember_failure(const fhir::Reference& resource, const std::string& version_id) {
  refused_.at({resource.type, resource.id, version_id}).become(Fate::failed);
}

queue::Progress Progress::report() const {
  queue::Progress report;
  report.phase = phase_;
  report.pass = pass_;
  report.dry_run = dry_run_;
  report.counts = counts_;
  report.accounts = accounts_json_;
  report.removals = removals_json_;
  report.before = before_json_;
  return report;
}

queue::Progress Progress::final_report() const {
  queue::Progress last = report();
  for (const auto& [reference, failure] : failures_) last.failures.push_back(failure);
  return last;
}

}  // namespace worker
