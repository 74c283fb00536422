#include "fhir/page_slots.h"

#include "fhir/compartment_definition.h"

namespace fhir {

namespace {

Slot bundle_member(std::string_view name) {
  if (name == "resourceType") return Slot::bundle_type;
  if (name == "link") return Slot::links;
  if (name == "entry") return Slot::entries;
  return Slot::ignored;
}

Slot link_member(std::string_view name) {
  if (name == "relation") return Slot::link_relation;
  if (name == "url") return Slot::link_url;
  return Slot::ignored;
}

Slot entry_member(std::string_view name) {
  if (name == "resource") return Slot::resource;
  if (name == "search") return Slot::search;
  return Slot::ignored;
}

/// Of the elements only those matter in which a path begins. What is `contained` is a resource of its own, and no path
/// begins there: nothing in it speaks for the one around it.
Slot resource_member(std::string_view name) {
  if (name == "id") return Slot::id;
  if (name == "meta") return Slot::meta;
  if (name == "resourceType") return Slot::type;
  return is_in_reference_path(0, name) ? Slot::element : Slot::ignored;
}

Slot meta_member(std::string_view name) {
  if (name == "versionId") return Slot::version_id;
  if (name == "lastUpdated") return Slot::last_updated;
  if (name == "account") return Slot::account;
  if (name == "accounts") return Slot::accounts;
  if (name == "compartment") return Slot::compartment;
  return Slot::ignored;
}

Slot element_member(std::string_view name, std::size_t level, Slot below) {
  if (name == "reference") return Slot::element_reference;
  return is_in_reference_path(level, name) ? below : Slot::ignored;
}

}  // namespace

Slot member_slot(Slot object, std::string_view name) {
  switch (object) {
    case Slot::bundle:
      return bundle_member(name);
    case Slot::link:
      return link_member(name);
    case Slot::entry:
      return entry_member(name);
    case Slot::search:
      return name == "mode" ? Slot::search_mode : Slot::ignored;
    case Slot::resource:
      return resource_member(name);
    case Slot::meta:
      return meta_member(name);
    case Slot::compartment_element:
      return name == "reference" ? Slot::compartment_reference : Slot::ignored;
    case Slot::element:
      return element_member(name, 1, Slot::element_2);
    case Slot::element_2:
      return element_member(name, 2, Slot::element_3);
    case Slot::element_3:
      return element_member(name, 3, Slot::ignored);
    default:
      return Slot::ignored;
  }
}

}  // namespace fhir
