#pragma once

#include <chrono>
#include <optional>

#include "fhir/http_message.h"
#include "fhir/operation_outcome.h"
#include "fhir/stop.h"

namespace fhir {

/// How long, and how often, one request is tried again.
struct RetryPolicy {
  Clock::duration base = std::chrono::milliseconds(250);    ///< of the backoff, doubled each time
  Clock::duration cap = std::chrono::seconds(20);           ///< of one pause
  Clock::duration patience = std::chrono::minutes(2);       ///< all tries and pauses of one request
  Clock::duration outage = std::chrono::seconds(10);        ///< no answer to anything for this long, and so many tries:
  int outage_tries = 3;                                     ///< the server is away
  Clock::duration unnamed_reset = std::chrono::minutes(1);  ///< after a 429 that does not say until when
  Clock::duration shortest_reset = std::chrono::seconds(1);
  Clock::duration longest_reset = std::chrono::minutes(5);

  // All requests together: see RetryBudget.
  double retry_share = 0.2;                               ///< of a retry that a first try earns
  Clock::duration retry_every = std::chrono::seconds(1);  ///< one is earned
  int retries_kept = 32;                                  ///< at most, and to begin with
};

enum class Verdict {
  final,        ///< the caller's to judge
  elsewhere,    ///< a redirect, which is not followed: our token is for this server alone
  again,        ///< a passing trouble
  new_token,    ///< 401
  after_reset,  ///< 429
};
Verdict judge(unsigned status, const OperationOutcome& outcome);

/// When a 429 lets us go on.
struct Reset {
  Clock::duration wait;
  bool named = false;  ///< the server said so; such a wait is not counted against our patience
};
/// First that is there: `RateLimit` with nothing left, the outcome's extension or diagnostics, `Retry-After` (a date in
/// it is seen from the answer's own Date).
Reset reset_after(const HttpAnswer& answer, const RetryPolicy& policy);

/// How long a server that is busy asks us to stay away (`Retry-After`), at most the policy's cap; zero if it does not.
Clock::duration asked_pause(const HttpAnswer& answer, const RetryPolicy& policy);

/// The pause before the next try after `failures` in a row: full jitter, `chance` in [0, 1) decides where.
Clock::duration backoff(const RetryPolicy& policy, int failures, double chance);

/// One request's tries.
class Patience {
 public:
  explicit Patience(const RetryPolicy& policy) : policy_(policy) {}

  /// A try that took so long has failed.
  void failed(Clock::duration time);
  /// Time given to waiting on account of this request.
  void waited(Clock::duration time) { spent_ += time; }

  int failures() const { return failures_; }
  Clock::duration left() const { return policy_.patience - spent_; }
  bool over() const { return left() <= Clock::duration::zero(); }

 private:
  RetryPolicy policy_;
  int failures_ = 0;
  Clock::duration spent_{};
};

}  // namespace fhir
