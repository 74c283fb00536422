// A member that is named again counts as named last: what PageHandler forgets when a name comes.

#include "fhir/page_handler.h"

namespace fhir {

namespace {

void forget_meta(Entry& entry) {
  entry.version_id.clear();
  entry.last_updated.clear();
  entry.accounts = {};
  entry.has_compartment = false;
  entry.patients.clear();
}

}  // namespace

/// A value of another kind than ours must not leave standing what an earlier member of that name said.
void PageHandler::forget(Slot named_again) {
  switch (named_again) {
    case Slot::bundle_type:
      bundle_type_ = {};
      break;
    case Slot::links:
      page_.next.clear();
      break;
    case Slot::link_relation:
      link_relation_ = {};
      break;
    case Slot::link_url:
      link_url_ = {};
      break;
    case Slot::entries:
      page_.entries.clear();
      break;
    case Slot::search:
    case Slot::search_mode:
      entry().mode = SearchMode::none;
      break;
    case Slot::resource:
      forget_resource();
      break;
    case Slot::type:
      entry().reference.type.clear();
      break;
    case Slot::id:
      entry().reference.id.clear();
      break;
    case Slot::meta:
      forget_meta(entry());
      break;
    case Slot::version_id:
      entry().version_id.clear();
      break;
    case Slot::last_updated:
      entry().last_updated.clear();
      break;
    case Slot::account:
      entry().accounts.single.reset();
      break;
    case Slot::accounts:
      entry().accounts.accounts.clear();
      break;
    case Slot::compartment:
      entry().has_compartment = false;
      entry().patients.clear();
      break;
    case Slot::compartment_reference:
      compartment_reference_ = {};
      break;
    default:
      break;
  }
}

void PageHandler::forget_resource() {
  patient_references_.clear();
  const SearchMode mode = entry().mode;
  entry() = {};
  entry().mode = mode;
}

}  // namespace fhir
