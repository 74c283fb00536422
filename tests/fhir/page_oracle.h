#pragma once

#include <optional>

#include "fhir/page_parser.h"
#include "tests/fhir/json_oracle.h"

namespace oracle {

/// The straightforward reading: the whole document first, then what we want of it. Nothing for what is no Bundle.
std::optional<fhir::Page> read_page(const boost::json::value& bundle, const fhir::Reference& target);

/// Nothing for what has no type and id that could be addressed.
std::optional<fhir::Entry> read_resource(const boost::json::value& resource, const fhir::Reference& target);

/// The two libraries write the same JSON differently; what it means must be the same.
void write_alike(fhir::Entry& entry);

}  // namespace oracle
