#pragma once

#include <span>
#include <string_view>

namespace null_fhir {

/// What the resources of a type have of their own: members, and one more member, a list, of which a resource has as
/// many elements as make it as large as it is to be. JSON laid out over lines, to be joined; {patient} is the patient's
/// id.
struct Kind {
  std::string_view type;
  std::string_view members;
  std::string_view list;
  std::string_view element;
};

extern const Kind patient_kind;
/// Of a patient's compartment.
std::span<const Kind> member_kinds();

}  // namespace null_fhir
