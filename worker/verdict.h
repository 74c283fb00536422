#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <random>
#include <string>

#include "queue/job.h"
#include "worker/attempt.h"

namespace worker {

/// The pauses between the attempts at one job: full jitter under `first`, doubled each time, at most `longest`.
struct AttemptBackoff {
  std::chrono::milliseconds first = std::chrono::seconds(1);
  std::chrono::milliseconds longest = std::chrono::seconds(60);
};

/// How an attempt that ended with `failure` is settled; nothing where the job is no longer ours to settle.
/// `reason` is why it was asked to stop, if it was.
std::optional<queue::Verdict> verdict_on(std::exception_ptr failure, StopReason reason, int attempt,
                                         std::mt19937_64& random, const AttemptBackoff& backoff = {});

/// Whether the failure is nobody's fault: the server as a whole is out of reach for us, not one request of one job.
/// Its sentence, or nothing.
std::optional<std::string> outage_in(std::exception_ptr failure);

/// Why an attempt ended, in our own words alone: what a server said may name somebody, and is for the record only.
std::string reason_for_log(std::exception_ptr failure);

/// Backoff before the attempt after `attempt`, in ms.
std::int64_t backoff_ms(int attempt, std::mt19937_64& random, const AttemptBackoff& backoff = {});

}  // namespace worker
