#include "tests/chaos/chaos.h"

#include <filesystem>
#include <utility>

#include "tests/chaos/append_only_file.h"
#include "tests/chaos/redis.h"
#include "tests/chaos/report.h"
#include "tests/chaos/stage.h"
#include "tests/chaos/verdict.h"

namespace chaos {
namespace {

std::vector<std::string> verdict_on(const Evidence& evidence) {
  Wrong wrong;
  if (evidence.whole_history) {
    judge_endings(evidence, wrong);
    judge_order(evidence, wrong);
    judge_patches(evidence, wrong);
  } else {
    judge_records(evidence, wrong);
  }
  judge_books(evidence, wrong);
  judge_audit(evidence, wrong);
  judge_workers(evidence, wrong);
  return wrong;
}

/// Logs and append-only files, without the folders they are in; a socket cannot be copied.
void copy_files(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::create_directories(to);
  constexpr auto overwrite = std::filesystem::copy_options::overwrite_existing;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(from))
    if (entry.is_regular_file()) std::filesystem::copy_file(entry.path(), to / entry.path().filename(), overwrite);
}

Outcome outcome_of(Stage& stage, const Evidence& evidence, const Scale& scale, const std::filesystem::path& keep) {
  Outcome outcome{.wrong = verdict_on(evidence), .report = report_on(evidence, scale)};
  for (std::string& difference : stage.differences(evidence)) outcome.wrong.push_back(std::move(difference));
  if (!keep.empty()) copy_files(stage.folder(), keep);
  return outcome;
}

Outcome chaos_with_one_redis(const Scale& scale, const std::filesystem::path& keep) {
  const Plan plan = plan_of(scale);
  LoneRedis redis;
  Stage stage(plan, redis);
  stage.play();
  Evidence evidence = stage.evidence();
  read_append_only_file(redis.folder(), [&](const auto& transaction) { evidence.ledger.take(transaction); });
  if (!keep.empty()) copy_files(redis.folder(), keep);
  return outcome_of(stage, evidence, scale, keep);
}

Outcome chaos_with_sentinels(const Scale& scale, const std::filesystem::path& keep) {
  const Plan plan = plan_of(scale);
  SentinelRedis redis;
  Stage stage(plan, redis);
  stage.play();
  Evidence evidence = stage.evidence();
  evidence.whole_history = false;
  return outcome_of(stage, evidence, scale, keep);
}

}  // namespace

Outcome chaos(const Scale& scale, const std::filesystem::path& keep) {
  return scale.sentinels ? chaos_with_sentinels(scale, keep) : chaos_with_one_redis(scale, keep);
}

}  // namespace chaos
