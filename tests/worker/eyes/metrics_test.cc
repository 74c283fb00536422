#include "tests/worker/eyes/watched_worker.h"

namespace test {
namespace {

using namespace std::chrono_literals;
using Labels = Exposition::Labels;

std::string joined(const std::vector<std::string>& faults) {
  std::string all;
  for (const auto& fault : faults) all += fault + "\n";
  return all;
}

class MetricsTest : public WatchedWorker {};

TEST_F(MetricsTest, KeepToThePrometheusFormatAndItsConventions) {
  const sandbox::Seeded seeded = seed({.members = 5});
  look();
  enqueue({"target", seeded.target, "accounts", organization(1), "propagate", "true"});
  work();
  EXPECT_EQ(joined(metrics().faults), "");
}

TEST_F(MetricsTest, CountWhatTheServerSaw) {
  const sandbox::Seeded seeded = seed({.members = 12});
  look();
  enqueue({"target", seeded.target, "accounts", organization(1), "propagate", "true"});
  work();
  const Exposition seen = metrics();
  const sandbox::Counters counters = server.counters();
  EXPECT_EQ(seen.value("set_accounts_resources_total", {{"outcome", "written"}}), counters.total_writes());
  EXPECT_EQ(seen.value("set_accounts_fhir_patch_duration_seconds_count"), counters.requests_of("patch"));
  EXPECT_EQ(seen.value("set_accounts_fhir_requests_total", {{"kind", "patch"}, {"answer", "2xx"}}),
            counters.requests_of("patch"));
  EXPECT_EQ(seen.value("set_accounts_fhir_requests_total", {{"kind", "page"}, {"answer", "2xx"}}),
            counters.requests_of("page"));
  EXPECT_EQ(seen.value("set_accounts_fhir_pages_total"), counters.requests_of("page"));
  EXPECT_EQ(seen.value("set_accounts_fhir_requests_total", {{"kind", "read"}, {"answer", "2xx"}}),
            counters.requests_of("read"));
  EXPECT_EQ(seen.value("set_accounts_jobs_finished_total", {{"state", "completed"}}), 1);
  EXPECT_EQ(seen.value("set_accounts_attempts_total", {{"end", "completed"}}), 1);
  EXPECT_EQ(seen.value("set_accounts_attempt_duration_seconds_count"), 1);
  EXPECT_GT(seen.value("set_accounts_fhir_received_bytes_total"), seen.value("set_accounts_fhir_sent_bytes_total"));
  EXPECT_EQ(seen.value("set_accounts_ready"), 1);
}

TEST_F(MetricsTest, TellRetriesByTheirCause) {
  const sandbox::Seeded seeded = seed({.members = 3});
  look();
  server.add_fault({.kind = sandbox::FaultKind::status, .on = sandbox::RequestKind::patch, .times = 2, .status = 503});
  enqueue({"target", seeded.target, "accounts", organization(1), "propagate", "true"});
  work();
  const Exposition seen = metrics();
  EXPECT_EQ(seen.value("set_accounts_fhir_retries_total", {{"cause", "server_error"}}), 2);
  EXPECT_EQ(seen.sum("set_accounts_fhir_retries_total"), 2);
  EXPECT_EQ(seen.value("set_accounts_fhir_requests_total", {{"kind", "patch"}, {"answer", "5xx"}}), 2);
}

TEST_F(MetricsTest, TellHowLongSomebodyWaits) {
  EXPECT_EQ(metrics().value("set_accounts_oldest_waiting_seconds"), 0);
  const long now = std::stol(redis({"TIME"}).items[0].text);
  redis({"XADD", "{set-accounts}:inbox", std::to_string((now - 90) * 1000), "target", "Patient/1", "accounts", ""});
  enqueue({"target", "Patient/2", "accounts", ""});
  EXPECT_TRUE(until([&] { return metrics().value("set_accounts_inbox_entries") == 2; }));
  EXPECT_NEAR(metrics().value("set_accounts_oldest_waiting_seconds"), 91, 10);
}

TEST_F(MetricsTest, AreToldWithinASecondThoughRedisStandsStill) {
  EXPECT_EQ(metrics().value("set_accounts_redis_up"), 1);
  redis_server.stop();
  ASSERT_TRUE(until([&] { return metrics().value("set_accounts_redis_up") == 0; }, 10s));
  const Exposition seen = metrics();
  EXPECT_EQ(joined(seen.faults), "");
  EXPECT_EQ(seen.value("set_accounts_redis_up"), 0);
  EXPECT_FALSE(seen.families.contains("set_accounts_jobs"));
  EXPECT_TRUE(seen.families.contains("set_accounts_fhir_requests_limit"));
  EXPECT_LT(ask_at_once(20), 1000ms + 2000ms) << "two seconds are for a busy machine";
  redis_server.go_on();
}

TEST_F(MetricsTest, ManyScrapersShareOneLookAtRedis) {
  metrics();
  const double before = metrics().value("set_accounts_redis_commands_total");
  ask_at_once(50);
  EXPECT_LE(metrics().value("set_accounts_redis_commands_total"), before + 4) << "one look a second, and its script";
}

}  // namespace
}  // namespace test
