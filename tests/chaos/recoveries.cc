#include "tests/chaos/recoveries.h"

#include <algorithm>

namespace chaos {
namespace {

/// For one lease after an outage of Redis nothing is swept.
constexpr Moment aftermath = lease.count() + 500;

bool touches(const std::vector<Spell>& spells, Moment from, Moment to, Moment after) {
  return std::ranges::any_of(spells, [&](const Spell& spell) { return spell.from <= to && spell.to + after >= from; });
}

}  // namespace

std::vector<Recovery> recoveries_in(const Evidence& evidence) {
  std::vector<Recovery> recoveries;
  for (const Fate& fate : evidence.fates) {
    if (fate.killed == 0 || fate.worker.empty()) continue;
    for (const auto& [id, life] : evidence.ledger.lives())
      for (std::size_t i = 0; i + 1 < life.tenures.size(); ++i) {
        const Tenure& tenure = life.tenures[i];
        if (tenure.worker != fate.worker || tenure.began > fate.killed || tenure.ended < fate.killed) continue;
        if (tenure.ended_as != "queued") continue;  // somebody cancelled it meanwhile, and retried it later
        const Moment again = life.tenures[i + 1].began;
        recoveries.push_back({again - fate.killed, !touches(evidence.outages, fate.killed, again, aftermath) &&
                                                       !touches(evidence.pauses, fate.killed, again, 0)});
      }
  }
  return recoveries;
}

}  // namespace chaos
