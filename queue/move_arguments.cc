#include "queue/move_arguments.h"

#include <cstdint>
#include <string_view>
#include <utility>

namespace queue {
namespace {

/// Appends to a list of arguments; strings and numbers in one breath.
class Arguments {
 public:
  explicit Arguments(const Job& job) : list_{job.id, std::to_string(job.claim)} {}

  Arguments& add(std::string_view text) {
    list_.emplace_back(text);
    return *this;
  }
  Arguments& add(std::uint64_t number) { return add(std::to_string(number)); }
  Arguments& add_all(const std::vector<std::string>& texts) {
    list_.insert(list_.end(), texts.begin(), texts.end());
    return *this;
  }
  Arguments& add(const Progress& progress);
  std::vector<std::string> take() { return std::move(list_); }

 private:
  std::vector<std::string> list_;
};

Arguments& Arguments::add(const Progress& progress) {
  const Counts& counts = progress.counts;
  add(progress.first_failure).add(progress.failures.size()).add_all(progress.failures);
  add("phase").add(name_of(progress.phase));
  if (progress.pass > 0) add("pass").add(static_cast<std::uint64_t>(progress.pass));
  if (progress.dry_run)
    add("resourcesToWrite").add(counts.to_write);
  else
    add("resourcesWritten").add(counts.written);
  add("resourcesUpdated").add(counts.updated);
  add("resourcesUnchanged").add(counts.unchanged);
  add("resourcesGone").add(counts.gone);
  add("resourcesFailed").add(counts.failed);
  add("resourcesTotal").add(counts.total);
  if (!progress.accounts.empty()) add("accounts").add(progress.accounts);
  if (!progress.before.empty()) add("accountsBefore").add(progress.before);
  if (!progress.removals.empty()) add("removals").add(progress.removals);
  return *this;
}

std::string_view final_state(Verdict::Kind kind) {
  if (kind == Verdict::Kind::completed) return name_of(JobState::completed);
  return name_of(kind == Verdict::Kind::cancelled ? JobState::cancelled : JobState::failed);
}

}  // namespace

std::vector<std::string> renew_arguments(const Job& job, const Progress& progress, std::chrono::milliseconds lease) {
  return Arguments(job).add(milliseconds(lease)).add(progress).take();
}

std::vector<std::string> owe_arguments(const Job& job, std::vector<std::string> leaving) {
  return Arguments(job).add_all(leaving).take();
}

std::vector<std::string> settle_arguments(const Job& job, const Verdict& verdict, std::chrono::milliseconds keep) {
  Arguments arguments(job);
  switch (verdict.kind) {
    case Verdict::Kind::again:
      arguments.add(std::to_string(verdict.delay_ms)).add(milliseconds(keep)).add(verdict.error);
      break;
    case Verdict::Kind::handed_back:
      arguments.add(milliseconds(keep)).add(verdict.error);
      break;
    case Verdict::Kind::completed:
    case Verdict::Kind::failed:
    case Verdict::Kind::cancelled:
      arguments.add(final_state(verdict.kind)).add(milliseconds(keep)).add(verdict.error).add(verdict.output);
      arguments.add(verdict.removed.size()).add_all(verdict.removed);
      break;
  }
  return arguments.add(verdict.progress).take();
}

std::string milliseconds(std::chrono::milliseconds time) {
  return std::to_string(time.count());
}

}  // namespace queue
