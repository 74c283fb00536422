#include "fhir/membership.h"

#include <algorithm>

namespace fhir {

namespace {

/// Another Patient may be linked to the target, and a Binary is nobody's: neither takes the target's accounts.
bool may_be_member(const Reference& resource, const Reference& target) {
  return resource != target && resource.type != "Patient" && resource.type != "Binary";
}

}  // namespace

bool is_member(const Entry& entry, const Reference& target) {
  switch (entry.mode) {
    case SearchMode::match:
      return may_be_member(entry.reference, target);
    case SearchMode::include:
    case SearchMode::outcome:
      return false;
    case SearchMode::none:
      return is_member_by_compartment(entry, target);
  }
  return false;
}

bool is_member_by_compartment(const Entry& entry, const Reference& target) {
  if (!may_be_member(entry.reference, target)) return false;
  if (entry.has_compartment) return std::ranges::find(entry.patients, target.str()) != entry.patients.end();
  return entry.refers_to_target;
}

}  // namespace fhir
