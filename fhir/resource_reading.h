#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "fhir/awaitable.h"
#include "fhir/client.h"
#include "fhir/page_parser.h"
#include "fhir/reference.h"
#include "fhir/stop.h"

namespace fhir {

/// On whose behalf requests are made.
struct Caller {
  Reference target;         ///< of the job
  std::string traceparent;  ///< passed on to the server
  std::uint64_t share = 0;  ///< of the patch permits
};

/// What came of reading one resource: the resource, or the status and the words of the refusal.
struct Reading {
  std::optional<Entry> entry;
  unsigned status = 0;
  std::string diagnostics;  ///< e.g. `GET Patient/1: 403 Forbidden`

  bool gone() const { return status == 404 || status == 410; }
};

/// GET Type/id.
Awaitable<Reading> read_resource(Client& client, Stop& stop, Reference reference, Caller caller);

}  // namespace fhir
