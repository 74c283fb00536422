#include <array>

#include "worker/http/metrics/told.h"

namespace worker::http {
namespace {

constexpr std::array<const char*, 6> outcomes{"written", "unchanged", "to_write", "gone", "not_a_member", "failed"};
constexpr std::array<const char*, attempt_ends> ends{"completed",   "failed", "again", "cancelled",
                                                     "handed_back", "lost",   "left"};
constexpr std::array<const char*, Readiness::parts> parts{"redis", "moves", "fhir"};

template <std::size_t n>
std::vector<Sample> labelled(const char* label, const std::array<const char*, n>& names,
                             const std::array<std::uint64_t, n>& counts) {
  std::vector<Sample> samples;
  samples.reserve(n);
  for (std::size_t i = 0; i < n; ++i) samples.push_back({{{label, names[i]}}, static_cast<double>(counts[i])});
  return samples;
}

bool is_well(const Readiness& readiness, Readiness::Part part) {
  return readiness.known(part) && !readiness.trouble(part);
}

std::vector<Sample> by_part(const Readiness& readiness) {
  std::vector<Sample> samples;
  samples.reserve(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i)
    samples.push_back({{{"part", parts[i]}}, is_well(readiness, static_cast<Readiness::Part>(i)) ? 1.0 : 0.0});
  return samples;
}

}  // namespace

void tell_worker(Families& families, const JobRunner& runner, const Readiness& readiness) {
  const Tally& tally = runner.tally();
  add_gauge(families, "set_accounts_build_info", "Which version this is; always 1.",
            {{{{"version", SET_ACCOUNTS_VERSION}}, 1}});
  add_gauge(families, "set_accounts_ready", "Whether this worker can run jobs: 1 if all of its parts are well.",
            readiness.ready() ? 1 : 0);
  add_gauge(families, "set_accounts_ready_part",
            "Whether Redis answers, Redis carries moves out, and the FHIR server can be worked with.",
            by_part(readiness));
  add_gauge(families, "set_accounts_worker_jobs_running", "Jobs that this worker runs now.",
            static_cast<double>(runner.running()));
  add_counter(families, "set_accounts_attempts_total", "Attempts at jobs by this worker, by how they ended.",
              labelled("end", ends, tally.attempts));
  add_histogram(families, "set_accounts_attempt_duration_seconds", "From a job's claim to the end of that attempt.",
                tally.attempt_time);
  add_counter(families, "set_accounts_leases_lost_total",
              "Jobs that went to another worker because this one did not renew its lease in time.",
              static_cast<double>(tally.attempts[static_cast<std::size_t>(AttemptEnd::lost)]));
  add_counter(families, "set_accounts_resources_total",
              "Resources that this worker dealt with, by outcome; one that comes in several passes counts in each.",
              labelled("outcome", outcomes, tally.outcomes));
}

}  // namespace worker::http
