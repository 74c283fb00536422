#pragma once

#include <cstdint>
#include <string_view>

namespace fhir {

/// What a JSON value of a page is to us, told by where it stands. `ignored` is all that cannot matter.
enum class Slot : std::uint8_t {
  ignored,
  // Bundle
  bundle,
  bundle_type,
  links,
  link,
  link_relation,
  link_url,
  entries,
  entry,
  search,
  search_mode,
  // a resource
  resource,
  type,
  id,
  meta,
  version_id,
  last_updated,
  account,
  accounts,
  accounts_element,
  compartment,
  compartment_element,
  compartment_reference,
  // elements of a resource: one, two and three names below it, where the compartment definition's paths may end
  element,
  element_2,
  element_3,
  element_reference,
};

/// The slot of a member of the object in `object`.
Slot member_slot(Slot object, std::string_view name);

/// The slot of what stands in the array in `array`. Arrays within elements are no level of their own.
constexpr Slot array_element_slot(Slot array) {
  switch (array) {
    case Slot::links:
      return Slot::link;
    case Slot::entries:
      return Slot::entry;
    case Slot::accounts:
      return Slot::accounts_element;
    case Slot::compartment:
      return Slot::compartment_element;
    case Slot::element:
    case Slot::element_2:
    case Slot::element_3:
      return array;
    default:
      return Slot::ignored;
  }
}

/// The slot itself where an object is what we expect there; otherwise nothing within the object matters.
constexpr Slot object_slot(Slot slot) {
  switch (slot) {
    case Slot::bundle:
    case Slot::link:
    case Slot::entry:
    case Slot::search:
    case Slot::resource:
    case Slot::meta:
    case Slot::account:
    case Slot::accounts_element:
    case Slot::compartment_element:
    case Slot::element:
    case Slot::element_2:
    case Slot::element_3:
      return slot;
    default:
      return Slot::ignored;
  }
}

}  // namespace fhir
