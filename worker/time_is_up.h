#pragma once

#include "fhir/stop.h"
#include "fhir/time_limit.h"
#include "worker/awaitable.h"

namespace worker {

using fhir::TimeIsUp;

/// A guard: throws TimeIsUp then.
Awaitable<void> time_is_up_at(fhir::Clock::time_point time);

}  // namespace worker
