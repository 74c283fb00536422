#pragma once

#include "fhir/deadlines.h"

namespace worker::http {

/// Whether the other end has hung up, or is gone; seen without reading, so that what it sent before stays where it is.
bool has_hung_up(fhir::Socket& socket);

}  // namespace worker::http
