#include <csignal>

#include "tests/chaos/verdict.h"

namespace chaos {
namespace {

void judge_stats(const Evidence& evidence, Wrong& wrong) {
  std::map<std::string, long> ended;
  for (const auto& [id, life] : evidence.ledger.lives())
    for (const Ending& ending : life.endings) ++ended[text(ending.record, "state")];
  for (const char* state : {"queued", "scheduled", "running", "completed", "failed", "cancelled"})
    if (number(evidence.stats, state) != ended[state])
      wrong.push_back("stats say " + text(evidence.stats, state) + " " + state + ", there were " +
                      std::to_string(ended[state]));
}

Fields without_times(Fields batch) {
  for (const char* time : {"firstAt", "lastAt", "keptUntil"}) batch.erase(time);
  std::erase_if(batch, [](const auto& field) { return field.second == "0"; });
  return batch;
}

/// One count a state, and the sums of what the finished jobs counted.
std::map<std::string, Fields> batches_of(const std::map<std::string, Fields>& records) {
  std::map<std::string, std::map<std::string, long>> sums;
  for (const auto& [id, record] : records) {
    if (text(record, "batch").empty()) continue;
    auto& batch = sums[text(record, "batch")];
    ++batch["jobs"];
    ++batch[text(record, "state")];
    for (const auto& [name, value] : record)
      if (name.starts_with("resources")) batch[name] += std::stol(value);
  }
  std::map<std::string, Fields> batches;
  for (const auto& [name, counts] : sums)
    for (const auto& [field, count] : counts) batches[name][field] = std::to_string(count);
  return batches;
}

void judge_batches(const Evidence& evidence, Wrong& wrong) {
  std::map<std::string, Fields> expected = batches_of(evidence.records);
  for (const auto& [name, batch] : evidence.batches)
    if (without_times(batch) != without_times(expected[name])) wrong.push_back("batch " + name + " does not add up");
  if (evidence.batches.size() != expected.size()) wrong.emplace_back("a batch is missing");
}

}  // namespace

void judge_books(const Evidence& evidence, Wrong& wrong) {
  judge_batches(evidence, wrong);
  for (const std::string& left : evidence.left_over) wrong.push_back("left over: " + left);
  if (!evidence.whole_history) return;
  judge_stats(evidence, wrong);
  for (const auto& [id, life] : evidence.ledger.lives()) {
    const auto record = evidence.records.find(id);
    if (record == evidence.records.end() || record->second != life.record)
      wrong.push_back(id + ": its record is not what Redis wrote down");
  }
}

void judge_workers(const Evidence& evidence, Wrong& wrong) {
  for (const Fate& fate : evidence.fates) {
    for (const std::string& what : fate.wrong) wrong.push_back("worker " + fate.worker + ": " + what);
    const bool before_it_listened = fate.exit_code == 128 + SIGTERM && !fate.claimed;
    if (fate.exit_code != 0 && !before_it_listened)
      wrong.push_back("worker " + fate.worker + ": ended with " + std::to_string(fate.exit_code) + " after SIGTERM");
  }
}

}  // namespace chaos
