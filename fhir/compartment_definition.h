#pragma once

#include <span>
#include <string_view>

namespace fhir {

/// The R4 CompartmentDefinition of Patient as element paths: in which elements of a type a reference to the patient
/// makes the resource a member (hl7.org/fhir/R4/compartmentdefinition-patient.html; Medplum adds Task).
/// Paths are element names joined by dots below the resource, without indices, e.g. "performer" or "participant.actor".
/// Empty for a type that is never a member.
std::span<const std::string_view> patient_reference_paths(std::string_view type);

/// Names in the longest of these paths.
inline constexpr std::size_t longest_reference_path = 3;

/// Whether `name` stands in a path of any type, behind `before` others. No reference within another element can matter.
bool is_in_reference_path(std::size_t before, std::string_view name);

/// Every type that can be a member, in alphabetical order: what a search by type must ask for.
std::span<const std::string_view> patient_compartment_types();

}  // namespace fhir
