#pragma once

#include <map>
#include <string>
#include <vector>

#include "sandbox/server.h"

namespace chaos {

/// The compartments that a run is about.
struct Patients {
  std::vector<std::string> members;
  std::map<std::string, std::string> target_of;  ///< of each target and member
};

/// One for each target, of some ten to sixty members.
Patients seed_patients(sandbox::Server& server, const std::vector<std::string>& targets);

}  // namespace chaos
