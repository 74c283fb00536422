#include <algorithm>
#include <array>
#include <cctype>

#include "worker/http/metrics/told.h"

namespace worker::http {
namespace {

constexpr std::array<const char*, fhir::request_kinds> kinds{"patch", "read", "page"};
constexpr std::array<const char*, fhir::answer_classes> answers{"2xx", "3xx", "4xx", "5xx", "none"};
constexpr std::array<const char*, fhir::retry_causes> causes{
    "timeout", "connection", "unauthorized", "too_many_requests", "conflict", "server_error", "unusable"};

double seconds(fhir::Clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

std::vector<Sample> requests_of(const fhir::Tally& tally) {
  std::vector<Sample> samples;
  for (std::size_t kind = 0; kind < kinds.size(); ++kind)
    for (std::size_t answer = 0; answer < answers.size(); ++answer)
      samples.push_back(
          {{{"kind", kinds[kind]}, {"answer", answers[answer]}}, static_cast<double>(tally.requests[kind][answer])});
  return samples;
}

std::vector<Sample> retries_of(const fhir::Tally& tally) {
  std::vector<Sample> samples;
  samples.reserve(causes.size());
  for (std::size_t cause = 0; cause < causes.size(); ++cause)
    samples.push_back({{{"cause", causes[cause]}}, static_cast<double>(tally.retries[cause])});
  return samples;
}

/// The server chose the name: it is to be a word, and no more.
std::string limit_name(const std::string& name) {
  const bool word = !name.empty() && name.size() <= 40 && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
  });
  return word ? name : "other";
}

/// Of several that have no proper name the first is told.
void tell_quotas(Families& families, const fhir::Client& client) {
  std::vector<Sample> left, sizes, resets;
  for (const auto& quota : client.quotas()) {
    const Labels labels{{"limit", limit_name(quota.limit)}};
    if (std::ranges::any_of(left, [&](const Sample& told) { return told.labels == labels; })) continue;
    left.push_back({labels, static_cast<double>(quota.left)});
    sizes.push_back({labels, static_cast<double>(quota.largest)});
    resets.push_back({labels, seconds(quota.reset)});
  }
  if (left.empty()) return;  // a server without limits, or one that does not tell them
  add_gauge(families, "set_accounts_fhir_quota_remaining",
            "Units left of the server's quota as it says, less what is on its way; a PATCH costs 100.", left);
  add_gauge(families, "set_accounts_fhir_quota_window", "The most units that one window of the quota was seen to hold.",
            sizes);
  add_gauge(families, "set_accounts_fhir_quota_reset_seconds", "Until the quota's window is over.", resets);
}

}  // namespace

void tell_fhir(Families& families, const fhir::Client& client) {
  const fhir::Tally& tally = client.tally();
  const auto [in_flight, limit] = client.gauges();
  add_gauge(families, "set_accounts_fhir_requests_in_flight",
            "PATCHes and reads of single resources that are on their way.", static_cast<double>(in_flight));
  add_gauge(families, "set_accounts_fhir_requests_limit",
            "How many of them the server seems to bear now; at most --concurrency.", static_cast<double>(limit));
  add_histogram(families, "set_accounts_fhir_patch_duration_seconds",
                "From a PATCH sent to its answer, or to the failure; waiting for a permit or for quota left out.",
                tally.patch_time);
  add_counter(families, "set_accounts_fhir_requests_total",
              "Requests sent for jobs, each try of them, by kind and by what came back.", requests_of(tally));
  add_counter(families, "set_accounts_fhir_retries_total", "Requests that were sent once more, by cause.",
              retries_of(tally));
  add_counter(families, "set_accounts_fhir_too_many_requests_total", "Answers 429: the quota was used up.",
              static_cast<double>(tally.too_many_requests));
  add_counter(families, "set_accounts_fhir_conflicts_total",
              "PATCHes that met a resource which somebody else had just written.",
              static_cast<double>(tally.conflicts));
  add_counter(families, "set_accounts_fhir_pages_total", "Pages of compartments that were read.",
              static_cast<double>(tally.pages));
  add_counter(families, "set_accounts_fhir_page_entries_total", "Resources on those pages.",
              static_cast<double>(tally.entries));
  add_counter(families, "set_accounts_fhir_connections_total", "Connections opened to the FHIR server.",
              static_cast<double>(client.traffic().connections));
  add_counter(families, "set_accounts_fhir_sent_bytes_total", "Bytes sent to the FHIR server, headers included.",
              static_cast<double>(client.traffic().bytes_sent));
  add_counter(families, "set_accounts_fhir_received_bytes_total",
              "Bytes received from the FHIR server, headers included, pages as they were packed.",
              static_cast<double>(client.traffic().bytes_received));
  add_gauge(families, "set_accounts_fhir_closed_seconds",
            "How long nothing is sent yet because the server answered 429; 0 if it takes requests.",
            seconds(client.closed_for()));
  tell_quotas(families, client);
}

}  // namespace worker::http
