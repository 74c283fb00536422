#include "worker/cli/job_progress.h"

#include <gtest/gtest.h>

namespace worker::cli {
namespace {

queue::Record record(std::map<std::string, std::string, std::less<>> fields) {
  return {.id = "17-0", .fields = std::move(fields)};
}

queue::Record running() {
  return record({{"state", "running"},
                 {"phase", "sweep"},
                 {"pass", "2"},
                 {"resourcesTotal", "1000"},
                 {"resourcesUpdated", "480"},
                 {"resourcesWritten", "400"},
                 {"resourcesUnchanged", "80"},
                 {"resourcesGone", "15"},
                 {"resourcesFailed", "5"}});
}

TEST(JobProgress, ShowsPhaseCountsRateAndTheLeastTimeLeft) {
  EXPECT_EQ(render_plain(progress_of(running(), 10.0)),
            "sweep 2  500/1,000 seen  400 written  5 failed  10/s  ≥ 51s left");
}

TEST(JobProgress, TellsNoTimeWithoutARate) {
  EXPECT_EQ(render_plain(progress_of(running(), std::nullopt)), "sweep 2  500/1,000 seen  400 written  5 failed");
  EXPECT_EQ(render_plain(progress_of(running(), 0.0)), "sweep 2  500/1,000 seen  400 written  5 failed  0.0/s");
}

TEST(JobProgress, CountsWhatADryRunWouldWrite) {
  auto dry = running();
  dry.fields["dryRun"] = "true";
  dry.fields["resourcesToWrite"] = "300";
  EXPECT_EQ(render_plain(progress_of(dry, std::nullopt)), "sweep 2  400/1,000 seen  300 to write  5 failed");
}

TEST(JobProgress, NamesTheStateWhereNothingRuns) {
  EXPECT_EQ(render_plain(progress_of(record({{"state", "queued"}}), std::nullopt)), "queued");
  EXPECT_EQ(render_plain(progress_of(record({{"state", "scheduled"}, {"attempt", "2"}, {"error", "no\nanswer"}}), {})),
            "scheduled  attempt 2  no answer");
  EXPECT_EQ(render_plain(waiting_in_inbox()), "waiting for a worker");
}

TEST(JobSummary, SaysHowItEnded) {
  auto ended = running();
  ended.fields["state"] = "completed";
  ended.fields["startedAt"] = "1000";
  ended.fields["finishedAt"] = "186400";
  EXPECT_EQ(summary_of(ended),
            "completed: 480 resources are as requested (400 written, 80 unchanged, 15 gone, 5 failed) in 3m05s");
  ended.fields["state"] = "failed";
  ended.fields["error"] = "Patient/1: 404";
  EXPECT_EQ(summary_of(ended),
            "failed: Patient/1: 404; 480 resources are as requested (400 written, 80 unchanged, 15 gone, 5 failed) in "
            "3m05s");
  EXPECT_EQ(summary_of(record({{"state", "cancelled"}})), "cancelled");
}

TEST(BatchProgress, CountsJobsAlsoThoseNobodyTookIn) {
  const BatchCounts counts = {
      {"jobs", "6"}, {"completed", "2"}, {"failed", "1"}, {"running", "3"}, {"resourcesUpdated", "1200"}};
  EXPECT_EQ(render_plain(progress_of(counts, 10)),
            "batch  3/10 jobs  3 running  1 failed  1,200 resources as requested  4 waiting for a worker");
  EXPECT_EQ(summary_of(counts),
            "6 jobs: 2 completed, 1 failed, 0 cancelled; 1,200 resources are as requested (0 written)");
  EXPECT_EQ(jobs_ended(counts), 3U);
}

}  // namespace
}  // namespace worker::cli
