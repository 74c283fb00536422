#include "fhir/retry_budget.h"

#include <algorithm>
#include <cmath>

namespace fhir {

RetryBudget::RetryBudget(const RetryPolicy& policy, Clock::time_point now)
    : every_(policy.retry_every),
      share_(policy.retry_share),
      most_(policy.retries_kept),
      left_(most_),
      earned_until_(now) {}

void RetryBudget::first_try() {
  earn(share_);
}

void RetryBudget::served() {
  earn(1);
}

std::optional<Clock::time_point> RetryBudget::spend(Clock::time_point now) {
  using Seconds = std::chrono::duration<double>;
  earn(Seconds(now - earned_until_) / Seconds(every_));
  earned_until_ = now;
  if (left_ >= 1) {
    left_ -= 1;
    return std::nullopt;
  }
  const auto missing = std::chrono::ceil<Clock::duration>(Seconds(every_) * (1 - left_));
  return now + std::max<Clock::duration>(missing, std::chrono::milliseconds(1));
}

void RetryBudget::earn(double retries) {
  left_ = std::min(left_ + retries, most_);
}

}  // namespace fhir
