#pragma once

#include "fhir/time_limit.h"
#include "worker/concurrency.h"

namespace worker::http::front_door {

/// What asks Redis, while somebody waits: throws fhir::TimeIsUp after two seconds.
template <class T>
Awaitable<T> in_time(Awaitable<T> work) {
  return guarded(std::move(work), fhir::time_limit(std::chrono::seconds(2)));
}

}  // namespace worker::http::front_door
