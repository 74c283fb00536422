#include <array>

#include "worker/http/error_answer.h"
#include "worker/http/metrics/told.h"

namespace worker::http {
namespace {

constexpr std::array<const char*, 5> status_classes{"1xx", "2xx", "3xx", "4xx", "5xx"};
constexpr std::array<const char*, turns> reasons{"too_many", "too_many_of_peer", "no_handshake"};

std::vector<Sample> by_route(const ServerCounts& counts) {
  std::vector<Sample> samples;
  for (std::size_t route = 0; route < routes; ++route)
    for (std::size_t answer = 1; answer < status_classes.size(); ++answer)
      samples.push_back(
          {{{"route", std::string(name_of(static_cast<Route>(route)))}, {"answer", status_classes[answer]}},
           static_cast<double>(counts.answers[route][answer])});
  return samples;
}

std::vector<Sample> by_refusal(const ServerCounts& counts) {
  std::vector<Sample> samples;
  samples.reserve(refusals);
  for (std::size_t why = 0; why < refusals; ++why)
    samples.push_back(
        {{{"why", std::string(name_of(static_cast<Refusal>(why)))}}, static_cast<double>(counts.refused[why])});
  return samples;
}

std::vector<Sample> by_reason(const ServerCounts& counts) {
  std::vector<Sample> samples;
  samples.reserve(turns);
  for (std::size_t why = 0; why < turns; ++why)
    samples.push_back({{{"why", reasons[why]}}, static_cast<double>(counts.turned_away[why])});
  return samples;
}

}  // namespace

void tell_http(Families& families, const ServerCounts& counts) {
  add_counter(families, "set_accounts_http_connections_total", "Connections that clients made to this worker.",
              static_cast<double>(counts.accepted));
  add_gauge(families, "set_accounts_http_open_connections", "Those that are open.", static_cast<double>(counts.open));
  add_counter(families, "set_accounts_http_turned_away_total", "Connections that were not served, by reason.",
              by_reason(counts));
  add_gauge(families, "set_accounts_http_requests_in_flight", "Requests of clients that are being answered.",
            static_cast<double>(counts.in_flight));
  add_gauge(families, "set_accounts_http_event_streams", "Streams of events that are open.",
            static_cast<double>(counts.event_streams));
  add_counter(families, "set_accounts_http_responses_total", "Responses sent, by route and by the status' class.",
              by_route(counts));
  add_counter(families, "set_accounts_http_refused_requests_total",
              "Requests that broke a limit or HTTP's rules, by which, whether answered or not.", by_refusal(counts));
  add_counter(families, "set_accounts_http_received_bytes_total", "Bytes of HTTP received from clients.",
              static_cast<double>(counts.bytes_received));
  add_counter(families, "set_accounts_http_sent_bytes_total", "Bytes of HTTP sent to clients.",
              static_cast<double>(counts.bytes_sent));
}

}  // namespace worker::http
