#include "tests/chaos/chaos.h"

#include <filesystem>
#include <utility>

#include "tests/chaos/report.h"
#include "tests/chaos/stage.h"
#include "tests/chaos/verdict.h"

namespace chaos {
namespace {

std::vector<std::string> verdict_on(const Evidence& evidence) {
  Wrong wrong;
  judge_endings(evidence, wrong);
  judge_order(evidence, wrong);
  judge_patches(evidence, wrong);
  judge_books(evidence, wrong);
  judge_workers(evidence, wrong);
  return wrong;
}

/// Logs and append-only files, without the folders they are in; a socket cannot be copied.
void copy_files(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::create_directories(to);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(from))
    if (entry.is_regular_file()) std::filesystem::copy(entry.path(), to / entry.path().filename());
}

}  // namespace

Outcome chaos(const Scale& scale, const std::filesystem::path& keep) {
  const Plan plan = plan_of(scale);
  Stage stage(plan);
  stage.play();
  const Evidence evidence = stage.evidence();
  Outcome outcome{.wrong = verdict_on(evidence), .report = report_on(evidence, scale)};
  for (std::string& difference : stage.differences(evidence)) outcome.wrong.push_back(std::move(difference));
  if (!keep.empty()) copy_files(stage.folder(), keep);
  return outcome;
}

}  // namespace chaos
