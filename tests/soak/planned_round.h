#pragma once

#include <string>
#include <vector>

#include "sandbox/oracle.h"
#include "tests/chaos/dice.h"

namespace soak {

/// What is particular about a job, and so how it may end.
enum class Kind {
  plain,
  dry_run,
  flawed,     ///< names no accounts: it fails, and writes nothing
  cancelled,  ///< soon after it was asked for; it may be over by then
  refused,    ///< the server refuses to change one member of it
};

struct PlannedJob {
  sandbox::Request request;
  Kind kind = Kind::plain;
  bool over_http = false;
};

/// One job for each target. Each gives an account that no other job gives, so that it has something to write.
std::vector<PlannedJob> planned_round(int number, const std::vector<std::string>& targets, chaos::Dice& dice);

}  // namespace soak
