#pragma once

#include <span>
#include <string_view>

namespace sandbox {

/// In which elements of a type a reference to a patient makes the resource a member of his compartment: element names
/// below the resource joined by dots, no indices. Empty for a type that is never a member.
/// Source: FHIR R4 compartmentdefinition-patient, its search parameters' expressions; Medplum adds Task.
std::span<const std::string_view> patient_paths(std::string_view type);

/// The types that can be members, in alphabetical order.
std::span<const std::string_view> patient_types();

}  // namespace sandbox
