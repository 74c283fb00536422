#pragma once

#include <string>
#include <vector>

#include "tests/bench/null_fhir/text.h"

namespace null_fhir {

/// What resources of one kind look like, before and after their accounts were written.
struct Form {
  std::string type;
  Text envelope;  ///< what stands before it in a page
  Text fresh;
  Text written;
};

/// The Patient and, after it, a mixture of what a patient's compartment holds: as Medplum shows it in extended mode,
/// with words that need escapes and words that are no ASCII, 1 to 4 kB each, 2.4 kB on the average with its envelope.
/// `base` is what fullUrl begins with; `account` is an id.
std::vector<Form> forms_of_compartment(const std::string& base, const std::string& account);

/// What stands after each resource in a page.
inline constexpr char end_of_entry = '}';

}  // namespace null_fhir
