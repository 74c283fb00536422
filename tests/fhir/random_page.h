#pragma once

#include <string>

#include "tests/fhir/json_oracle.h"

namespace oracle {

/// The text of a Bundle as no server would write it but JSON allows it: members in any order and sometimes twice,
/// blanks and escapes anywhere, contained resources, members of our names at wrong places and of wrong kinds.
/// References to `Patient/p` stand in it in many places.
std::string random_bundle(Dice& dice);

/// The in-parameters of a job in the same spirit: of the right names and kinds for the most part.
std::string random_parameters(Dice& dice);

/// A resource as a server holds it, each member once: meta.versionId, and a meta.account and meta.accounts that hold
/// References with any members, or are not there.
std::string random_stored_resource(Dice& dice);

}  // namespace oracle
