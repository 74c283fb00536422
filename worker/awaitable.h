#pragma once

#include "fhir/awaitable.h"

namespace worker {

using fhir::Awaitable;

}  // namespace worker
