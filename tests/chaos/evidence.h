#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sandbox/oracle.h"
#include "tests/chaos/crew.h"
#include "tests/chaos/ledger.h"
#include "tests/chaos/patch_journal.h"
#include "tests/chaos/plan.h"
#include "tests/chaos/producer.h"

namespace chaos {

/// All that is known of a run when it is over.
struct Evidence {
  Plan plan;
  std::vector<Added> added;
  bool whole_history = true;  ///< the ledger has it; after a failover nobody does
  Ledger ledger;
  std::vector<Patch> patches;
  std::vector<Fate> fates;
  std::vector<Trouble> troubles;  ///< that were made
  std::vector<Spell> outages;     ///< of Redis
  std::vector<Spell> pauses;
  std::map<std::string, std::string> target_of;  ///< of each target and member: whose compartment it is in
  std::vector<std::string> refused;              ///< members whose PATCH was refused for good at some time

  // What is left in Redis.
  std::map<std::string, Fields> records;
  std::map<std::string, Fields> batches;
  Fields stats;
  std::vector<std::string> left_over;
  std::set<std::string> unaudited;  ///< endings that a killed worker had borrowed: `completed ID`
  // At the FHIR server.
  long wasted_writes = 0;
  int repetitions = 0;
};

/// The job that the producer knows by the number in this record; nobody else adds jobs.
const Added* asked_for(const Evidence& evidence, const Fields& record);

}  // namespace chaos
