#pragma once

#include <string>
#include <vector>

#include "sandbox/expectation.h"

namespace sandbox {

/// A PATCH that made a new version, and what it met.
struct CommittedPatch {
  std::string reference;
  std::string version;                    ///< the one it made
  std::vector<std::string> compartments;  ///< the Patients whose compartment the resource was in just before
};

/// Touching what is no member gives a tenant access to records that are not his: it is the worst thing a daemon can do.
/// The PATCHes that none of these requests allows, a line each: they went neither to a target nor, for one that
/// propagates, to what was a member of its target's compartment at that moment. Another Patient or a Binary is none.
std::vector<std::string> trespasses(const std::vector<CommittedPatch>& patches, const std::vector<Request>& requests);

}  // namespace sandbox
