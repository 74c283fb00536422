#include <algorithm>

#include "tests/chaos/verdict.h"

namespace chaos {
namespace {

struct Testimony {
  const AskedJob* job = nullptr;
  const Ending* ending = nullptr;
  Moment began = 0;
};

/// When the job first ran since its ending before this one; 0 if it did not.
Moment began_of(const Life& life, std::size_t ending) {
  const std::size_t first = ending == 0 ? 0 : life.endings[ending - 1].tenures;
  return first < life.endings[ending].tenures ? life.tenures[first].began : 0;
}

bool wrote(const Evidence& evidence, const Testimony& testimony) {
  return std::ranges::any_of(evidence.patches, [&](const Patch& patch) {
    return patch.at >= testimony.began && patch.at <= testimony.ending->at &&
           evidence.target_of.at(patch.reference) == testimony.job->target;
  });
}

sandbox::Request request_of(const AskedJob& job) {
  return {job.target, job.accounts, job.propagate};
}

}  // namespace

void testify_that_all_completed(const Evidence& evidence, sandbox::Oracle& oracle) {
  for (const Added& added : evidence.added)
    if (added.job.flaw == Flaw::none && evidence.records.contains(added.id)) oracle.expect(request_of(added.job));
}

void testify(const Evidence& evidence, sandbox::Oracle& oracle) {
  std::vector<Testimony> testimonies;
  for (const auto& [id, life] : evidence.ledger.lives()) {
    const Added* added = asked_for(evidence, life.record);
    if (added == nullptr || added->job.dry_run || added->job.flaw != Flaw::none) continue;
    for (std::size_t i = 0; i < life.endings.size(); ++i)
      if (const Moment began = began_of(life, i); began != 0)
        testimonies.push_back({&added->job, &life.endings[i], began});
  }
  std::ranges::sort(testimonies, {}, [](const Testimony& testimony) { return testimony.ending->order; });
  for (const Testimony& testimony : testimonies) {
    const sandbox::Request request = request_of(*testimony.job);
    const bool written = wrote(evidence, testimony);
    if (text(testimony.ending->record, "state") == "completed") {
      oracle.expect(request);
    } else if (written || testimony.ending->owed) {
      oracle.abandoned(request, written);
    }
  }
}

}  // namespace chaos
