#include "fhir/retry.h"

#include <algorithm>

#include "fhir/rate_limit.h"

namespace fhir {
namespace {

/// The longest reset of a limit that has nothing left.
std::optional<std::chrono::seconds> used_up_until(const HttpAnswer& answer) {
  std::optional<std::chrono::seconds> reset;
  for (const auto& limit : parse_rate_limits(answer.fields.joined("RateLimit"))) {
    if (limit.remaining == 0) reset = std::max(reset.value_or(limit.reset), limit.reset);
  }
  return reset;
}

std::optional<std::chrono::seconds> retry_after(const HttpAnswer& answer) {
  const auto ours = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto theirs = parse_http_date(answer.fields.joined("Date"));
  return parse_retry_after(answer.fields.joined("Retry-After"), theirs.value_or(ours));
}

std::optional<std::chrono::seconds> named_reset(const HttpAnswer& answer) {
  const auto used_up = used_up_until(answer);
  if (used_up) return used_up;
  const auto outcome = parse_operation_outcome(answer.body);
  if (outcome.reset_seconds >= 0) return std::chrono::seconds(outcome.reset_seconds);
  return retry_after(answer);
}

}  // namespace

Verdict judge(unsigned status, const OperationOutcome& outcome) {
  switch (status) {
    case 401:
      return Verdict::new_token;
    case 429:
      return Verdict::after_reset;
    case 409:
      return outcome.code == "40001" ? Verdict::again : Verdict::final;
    case 408:  // RFC 9110 section 15.5.9: the server tired of waiting, also of an idle connection that was just reused
    case 500:
    case 502:
    case 503:
    case 504:
      return Verdict::again;
    default:
      return status / 100 == 3 ? Verdict::elsewhere : Verdict::final;
  }
}

Reset reset_after(const HttpAnswer& answer, const RetryPolicy& policy) {
  const auto named = named_reset(answer);
  if (!named) return {policy.unnamed_reset, false};
  return {std::clamp<Clock::duration>(*named, policy.shortest_reset, policy.longest_reset), true};
}

Clock::duration asked_pause(const HttpAnswer& answer, const RetryPolicy& policy) {
  const Clock::duration asked = retry_after(answer).value_or(std::chrono::seconds(0));
  return std::min(asked, policy.cap);
}

Clock::duration backoff(const RetryPolicy& policy, int failures, double chance) {
  const int doublings = std::clamp(failures - 1, 0, 20);
  const auto longest = std::min(policy.cap, policy.base * (1L << doublings));
  return std::chrono::duration_cast<Clock::duration>(longest * std::clamp(chance, 0.0, 1.0));
}

void Patience::failed(Clock::duration time) {
  ++failures_;
  spent_ += time;
}

}  // namespace fhir
