#include "worker/cli/job_progress.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "worker/printable.h"

namespace worker::cli {
namespace {

bool is_dry_run(const queue::Record& record) {
  return record.field("dryRun") == "true";
}

std::string written_word(bool dry_run) {
  return dry_run ? " to write" : " written";
}
std::string written_field(bool dry_run) {
  return dry_run ? "resourcesToWrite" : "resourcesWritten";
}

std::string title_of(const queue::Record& record) {
  const std::string phase = record.field("phase");
  if (record.state() != queue::JobState::running || phase.empty()) return std::string(name_of(record.state()));
  const bool has_passes = phase == "sweep" || phase == "verify";
  return printable(has_passes ? phase + " " + std::to_string(std::max<std::uint64_t>(record.number("pass"), 1))
                              : phase);
}

std::string per_second_text(double rate) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), rate < 10 ? "%.1f/s" : "%.0f/s", rate);
  return text.data();
}

/// The server gives no total: while members are still being read the time for those seen is a lower bound.
std::string time_left(std::uint64_t remaining, double rate) {
  return "≥ " + rough(std::chrono::seconds(static_cast<std::int64_t>(static_cast<double>(remaining) / rate) + 1)) +
         " left";
}

}  // namespace

Progress waiting_in_inbox() {
  return {.title = "waiting for a worker", .unit = {}, .details = {}};
}

std::uint64_t resources_done(const queue::Record& record) {
  const std::uint64_t right = is_dry_run(record)
                                  ? record.number("resourcesToWrite") + record.number("resourcesUnchanged")
                                  : record.number("resourcesUpdated");
  return right + record.number("resourcesGone") + record.number("resourcesFailed");
}

Progress progress_of(const queue::Record& record, std::optional<double> per_second) {
  Progress progress{.title = title_of(record), .unit = "seen", .details = {}};
  progress.total = record.number("resourcesTotal");
  progress.done = std::min(resources_done(record), progress.total);
  const bool running = record.state() == queue::JobState::running;
  if (progress.total > 0)
    progress.details.push_back(grouped(record.number(written_field(is_dry_run(record)))) +
                               written_word(is_dry_run(record)));
  if (record.number("resourcesFailed") > 0)
    progress.details.push_back(grouped(record.number("resourcesFailed")) + " failed");
  if (running && per_second) progress.details.push_back(per_second_text(*per_second));
  if (running && per_second && *per_second > 0 && progress.done < progress.total)
    progress.details.push_back(time_left(progress.total - progress.done, *per_second));
  if (record.number("attempt") > 1) progress.details.push_back("attempt " + record.field("attempt"));
  if (record.state() == queue::JobState::scheduled && !record.field("error").empty())
    progress.details.push_back(printable(record.field("error")));
  return progress;
}

std::string summary_of(const queue::Record& record) {
  const bool dry_run = is_dry_run(record);
  std::string text(name_of(record.state()));
  if (record.state() == queue::JobState::failed) text += ": " + printable(record.field("error"));
  if (record.number("resourcesTotal") > 0) {
    text.append(record.state() == queue::JobState::failed ? "; " : ": ");
    text += dry_run ? grouped(record.number("resourcesTotal")) + " resources looked at ("
                    : grouped(record.number("resourcesUpdated")) + " resources are as requested (";
    text += grouped(record.number(written_field(dry_run))) + written_word(dry_run) + ", " +
            grouped(record.number("resourcesUnchanged")) + " unchanged, " + grouped(record.number("resourcesGone")) +
            " gone, " + grouped(record.number("resourcesFailed")) + " failed)";
  }
  const std::uint64_t started = record.number("startedAt");
  const std::uint64_t finished = record.number("finishedAt");
  if (started > 0 && finished >= started)
    text += " in " + rough(std::chrono::seconds((finished - started + 500) / 1000));
  return text;
}

}  // namespace worker::cli
