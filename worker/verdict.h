#pragma once

#include <exception>
#include <optional>
#include <random>
#include <string>

#include "queue/job.h"
#include "worker/attempt.h"

namespace worker {

/// How an attempt that ended with `failure` is settled; nothing where the job is no longer ours to settle.
/// `reason` is why it was asked to stop, if it was.
std::optional<queue::Verdict> verdict_on(std::exception_ptr failure, StopReason reason, int attempt,
                                         std::mt19937_64& random);

/// Whether the failure is nobody's fault: the server as a whole is out of reach for us, not one request of one job.
/// Its sentence, or nothing.
std::optional<std::string> outage_in(std::exception_ptr failure);

/// Backoff before the attempt after `attempt`, in ms: full jitter under one second doubled each time, at most 60 s.
std::int64_t backoff_ms(int attempt, std::mt19937_64& random);

}  // namespace worker
