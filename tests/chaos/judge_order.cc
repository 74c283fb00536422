#include "tests/chaos/verdict.h"

namespace chaos {
namespace {

/// A delayed or retried job joins its line later, and one that was cancelled before it ran leaves it at any time.
bool keeps_its_place(const Added& added, const Life& life) {
  return !added.id.empty() && added.job.delay == Millis(0) && added.job.flaw == Flaw::none && !added.retried &&
         !life.tenures.empty() && !life.endings.empty();
}

}  // namespace

void judge_order(const Evidence& evidence, Wrong& wrong) {
  std::map<std::string, const Added*> last_of;
  for (const Added& added : evidence.added) {
    const auto found = evidence.ledger.lives().find(added.id);
    if (found == evidence.ledger.lives().end() || !keeps_its_place(added, found->second)) continue;
    const Added*& before = last_of[added.job.target];
    if (before != nullptr) {
      const Life& earlier = evidence.ledger.lives().at(before->id);
      const Life& later = found->second;
      if (later.tenures.front().began < earlier.tenures.back().ended ||
          later.endings.front().order < earlier.endings.front().order)
        wrong.push_back(added.id + ": was ahead of " + before->id + " in the line of " + added.job.target);
    }
    before = &added;
  }
}

}  // namespace chaos
