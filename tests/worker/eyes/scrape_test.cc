#include "tests/worker/eyes/exposition.h"
#include "tests/worker/eyes/scraped_worker.h"

namespace test {
namespace {

class ScrapeTest : public ScrapedWorker {
 protected:
  /// A job that ended, and its traces in all that is told.
  std::string run_a_job() {
    const sandbox::Seeded seeded = seed({.members = 8});
    look();
    const auto job = enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true", "requestedBy",
                              "Practitioner/roswitha", "batch", "quarterly"});
    EXPECT_TRUE(until_state(job, "completed"));
    return job;
  }
};

TEST_F(ScrapeTest, IsServedByTheDaemonAndToPrometheusLiking) {
  start();
  run_a_job();
  const std::string text = scrape();
  const Exposition read = read_exposition(text);
  std::string faults;
  for (const auto& fault : read.faults) faults += fault + "\n";
  EXPECT_EQ(faults, "") << text;
  EXPECT_EQ(read.value("set_accounts_ready"), 1);
  EXPECT_EQ(read.value("set_accounts_redis_up"), 1);
  EXPECT_GE(read.value("set_accounts_http_responses_total", {{"route", "metrics"}, {"answer", "2xx"}}), 0);
  EXPECT_LT(read.value("set_accounts_fhir_quota_remaining", {{"limit", "fhirInteractions"}}), 50'000);
  EXPECT_GT(read.value("process_resident_memory_bytes"), 1e6);
  EXPECT_GT(read.value("process_start_time_seconds"), 1.6e9);
  EXPECT_GT(read.value("process_open_fds"), 3);
  if (!has_promtool()) GTEST_SKIP() << "promtool is not here (Debian: prometheus)";
  EXPECT_EQ(promtool({"check", "metrics"}, text), "");
}

TEST_F(ScrapeTest, NamesNoTargetNoPersonAndNoBatch) {
  start();
  run_a_job();
  const std::string text = scrape();
  for (const char* hidden : {"Patient", "Organization", "roswitha", "quarterly", "127.0.0.1", "Bearer"})
    EXPECT_EQ(text.find(hidden), std::string::npos) << hidden;
}

TEST_F(ScrapeTest, CountsAnAttemptThatServerTroubleEnded) {
  server.add_fault({.kind = sandbox::FaultKind::next_loop, .on = sandbox::RequestKind::page, .times = 1});
  start({"--page-size", "20"});
  const sandbox::Seeded seeded = seed({.members = 30});
  look();
  const auto job = enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true"});
  ASSERT_TRUE(until_state(job, "completed"));
  const Exposition read = read_exposition(scrape());
  EXPECT_EQ(read.value("set_accounts_attempts_total", {{"end", "again"}}), 1);
  EXPECT_EQ(read.value("set_accounts_attempts_total", {{"end", "completed"}}), 1);
  EXPECT_EQ(read.value("set_accounts_leases_lost_total"), 0);
}

}  // namespace
}  // namespace test
