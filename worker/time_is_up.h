#pragma once

#include <stdexcept>

#include "fhir/stop.h"
#include "worker/awaitable.h"

namespace worker {

struct TimeIsUp : std::runtime_error {
  TimeIsUp() : std::runtime_error("it took too long") {}
};

/// A guard: throws TimeIsUp then.
Awaitable<void> time_is_up_at(fhir::Clock::time_point time);

}  // namespace worker
