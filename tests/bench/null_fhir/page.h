#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/null_fhir/compartment.h"
#include "tests/bench/null_fhir/request.h"

namespace null_fhir {

struct PageRequest {
  std::uint64_t count = 1000;
  bool by_cursor = false;
  std::uint64_t begin = 0;       ///< a row by offset, a position by cursor
  std::optional<Instant> since;  ///< by cursor only
};

/// False where the query is none that Medplum's own links or a job's first request have.
bool read_page_request(const Request& request, bool by_cursor, PageRequest& wanted);

struct Page {
  std::vector<Row> rows;
  std::string next;  ///< the query of the next link; empty on the last page
};

Page page_of(const Compartment& compartment, const PageRequest& wanted);

}  // namespace null_fhir
