#pragma once

#include "fhir/page_parser.h"
#include "fhir/reference.h"

namespace fhir {

/// Whether an entry of a page is a member of the target's compartment, other than the target itself.
/// In this order: search.mode `match` is, `include` and `outcome` are not; without a mode meta.compartment decides;
/// without that the R4 Patient CompartmentDefinition. Patients and Binaries never are.
bool is_member(const Entry& entry, const Reference& target);

/// The same for a resource that was read alone, where there is no search.mode.
bool is_member_by_compartment(const Entry& entry, const Reference& target);

}  // namespace fhir
