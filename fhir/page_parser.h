#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "fhir/accounts.h"
#include "fhir/reference.h"

namespace fhir {

/// Why a body could not be used: for the operator's eyes, without any of its content.
struct ParseError {
  std::string reason;
};

/// FHIR R4 Bundle.entry.search.mode
enum class SearchMode { none, match, include, outcome };

/// What we keep of a resource: enough to judge it and to patch it, nothing clinical.
struct Entry {
  Reference reference;
  std::string version_id;
  std::string last_updated;  ///< meta.lastUpdated as it came
  AccountState accounts;
  bool has_compartment = false;  ///< meta.compartment was there (it is shown in extended mode only)
  /// The Patients in meta.compartment, as `Patient/id`; without one, those that the elements of the Patient
  /// CompartmentDefinition name.
  std::vector<std::string> patients;
  bool refers_to_target = false;  ///< the target is among those that the elements name
  SearchMode mode = SearchMode::none;
  bool operator==(const Entry&) const = default;
};

/// One page of a compartment. Entries without a resource of a type and id we could address are left out.
struct Page {
  std::vector<Entry> entries;
  std::string next;  ///< the URL of the `next` link as it came; empty on the last page
};

/// Bounds on what we are willing to read.
inline constexpr std::size_t max_json_depth = 64;

/// Reads a searchset Bundle with a SAX handler, in situ: `json` is consumed. UTF-8 is checked, depth is bounded.
/// An error for anything that is not a whole Bundle: truncated, no JSON, another resource (an OperationOutcome, say).
/// `target` is whom `refers_to_target` is about.
boost::system::result<Page, ParseError> parse_page(std::string json, const Reference& target);

/// The same for a single resource, as GET Type/id answers it.
boost::system::result<Entry, ParseError> parse_resource(std::string json, const Reference& target);

}  // namespace fhir
