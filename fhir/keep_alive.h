#pragma once

#include "fhir/http_message.h"
#include "fhir/stop.h"

namespace fhir {

/// How long a connection may be idle after this answer: 4 s, or less if the server says that it closes it sooner
/// (`Keep-Alive: timeout=`, as Node does); zero: it must not be used again.
Clock::duration longest_idle(const HttpFields& answer);

}  // namespace fhir
