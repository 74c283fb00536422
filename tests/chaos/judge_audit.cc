#include "tests/chaos/verdict.h"

namespace chaos {

/// At least once, whoever was killed meanwhile; what a killed worker had borrowed is still to be told by the next.
void judge_audit(const Evidence& evidence, Wrong& wrong) {
  std::set<std::string> told = evidence.unaudited;
  for (const Fate& fate : evidence.fates) told.insert(fate.audited.begin(), fate.audited.end());
  for (const auto& [id, record] : evidence.records) {
    const std::string state = text(record, "state");
    const bool over = state == "completed" || state == "failed" || state == "cancelled";
    if (over && !told.contains(state + " " + id)) wrong.push_back(id + ": no audit line says that it is " + state);
  }
}

}  // namespace chaos
