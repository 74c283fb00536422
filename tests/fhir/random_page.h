#pragma once

#include <string>

#include "tests/fhir/json_oracle.h"

namespace oracle {

/// The text of a Bundle as no server would write it but JSON allows it: members in any order and sometimes twice,
/// blanks and escapes anywhere, contained resources, members of our names at wrong places and of wrong kinds.
/// References to `Patient/p` stand in it in many places.
std::string random_bundle(Dice& dice);

}  // namespace oracle
