#include "tests/chaos/report.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "tests/chaos/recoveries.h"

namespace chaos {
namespace {

/// A sweep, a claim, and room for a slow machine.
constexpr Millis goal_beyond_lease{2000};

std::string spread(std::vector<long> values) {
  if (values.empty()) return "none";
  std::ranges::sort(values);
  const auto at = [&](std::size_t percent) { return values[(values.size() - 1) * percent / 100]; };
  std::ostringstream text;
  text << "median " << at(50) << " ms, p95 " << at(95) << " ms, max " << values.back() << " ms (" << values.size()
       << ")";
  return text.str();
}

/// By what they have in common: the first words.
std::string kind_of_failure(const std::string& error) {
  for (const char* kind : {"accounts: ", "priority: ", "lost by ", "the target cannot be read"})
    if (error.starts_with(kind)) return kind;
  return "resources failed";
}

void tell_failures(const Evidence& evidence, std::ostream& out) {
  std::map<std::string, int> failures;
  for (const auto& [id, life] : evidence.ledger.lives())
    for (const Ending& ending : life.endings)
      if (text(ending.record, "state") == "failed") ++failures[kind_of_failure(text(ending.record, "error"))];
  out << "failed    ";
  for (const auto& [kind, count] : failures) out << " " << count << " x \"" << kind << "\"";
  out << "\n";
}

void count_jobs(const Evidence& evidence, std::ostream& out) {
  std::map<std::string, int> states;
  for (const auto& [id, record] : evidence.records) ++states[text(record, "state")];
  out << "jobs       " << evidence.added.size() << " added, " << evidence.repetitions << " entries repeated";
  for (const auto& [state, count] : states) out << ", " << count << " " << state;
  out << "\nwrites     " << evidence.patches.size() << " that changed something, " << evidence.wasted_writes
      << " that changed nothing\n";
}

void count_troubles(const Evidence& evidence, std::ostream& out) {
  std::map<TroubleKind, int> kinds;
  for (const Trouble& trouble : evidence.troubles) ++kinds[trouble.kind];
  out << "troubles   ";
  const char* separator = "";
  for (const auto& [kind, count] : kinds) {
    out << separator << count << " x " << name_of(kind);
    separator = ", ";
  }
  out << "\n";
}

void count_claims(const Evidence& evidence, std::ostream& out) {
  std::size_t claims = 0;
  std::size_t lost = 0;
  for (const auto& [id, life] : evidence.ledger.lives()) {
    claims += life.tenures.size();
    lost += static_cast<std::size_t>(std::ranges::count_if(life.tenures, &Tenure::lease_lost));
  }
  out << "claims     " << claims << ", " << lost << " lost with their lease\n";
}

void tell_recoveries(const Evidence& evidence, std::ostream& out) {
  std::vector<long> all;
  std::vector<long> undisturbed;
  for (const Recovery& recovery : recoveries_in(evidence)) {
    all.push_back(recovery.took);
    if (recovery.undisturbed) undisturbed.push_back(recovery.took);
  }
  out << "recovery   from a kill to running again (goal: within " << (lease + goal_beyond_lease).count()
      << " ms): " << spread(undisturbed)
      << "\n           also while Redis was away or the queue paused: " << spread(all) << "\n";
}

}  // namespace

std::string report_on(const Evidence& evidence, const Scale& scale) {
  std::ostringstream out;
  count_jobs(evidence, out);
  count_troubles(evidence, out);
  if (evidence.whole_history) {
    tell_failures(evidence, out);
    count_claims(evidence, out);
    tell_recoveries(evidence, out);
  }
  out << "workers    " << evidence.fates.size() << "\n" << how_to_repeat(scale) << "\n";
  return out.str();
}

std::string how_to_repeat(const Scale& scale) {
  std::ostringstream out;
  out << "seed       " << scale.seed << "; again: tests/chaos/run.sh --seed " << scale.seed << " --jobs " << scale.jobs
      << " --targets " << scale.targets << " --kills " << scale.kills << " --redis-restarts " << scale.redis_restarts
      << (scale.sentinels ? " --sentinels yes" : "");
  return out.str();
}

}  // namespace chaos
