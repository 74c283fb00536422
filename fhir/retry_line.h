#pragma once

#include <list>

#include "fhir/awaitable.h"
#include "fhir/retry_budget.h"
#include "fhir/stop.h"

namespace fhir {

/// Where retries wait, in the order in which they came, until the budget can pay for them. First tries do not wait.
class RetryLine {
 public:
  RetryLine(Executor executor, const RetryPolicy& policy)
      : executor_(std::move(executor)), budget_(policy, Clock::now()) {}
  RetryLine(const RetryLine&) = delete;
  RetryLine& operator=(const RetryLine&) = delete;

  /// Returns when a retry is paid for, or at `end` without; whether it is. Throws Stopped.
  Awaitable<bool> wait(Clock::time_point end, Stop& stop);
  void first_try();
  /// A retry that was paid for was served.
  void served();

 private:
  class Place;

  void wake_first();

  Executor executor_;
  RetryBudget budget_;
  std::list<Timer*> line_;
};

}  // namespace fhir
