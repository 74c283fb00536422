#include "queue/overview.h"

#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Verdict;

class OverviewTest : public QueueTest {
 protected:
  queue::Overview overview() { return await(records.overview()); }
  std::int64_t seconds_waited() {
    const auto wait = overview().longest_wait;
    return wait ? std::chrono::duration_cast<std::chrono::seconds>(*wait).count() : -1;
  }
  /// As if the record had been written so long ago.
  void age(const std::string& id, std::int64_t seconds, const std::vector<std::string>& fields) {
    for (const auto& name : fields)
      redis({"HSET", "{q}:job:" + id, name, std::to_string(time_of_redis() - seconds * 1000)});
  }
};

TEST_F(OverviewTest, OfAnEmptyQueueNobodyWaits) {
  EXPECT_EQ(seconds_waited(), -1);
  EXPECT_FALSE(overview().paused);
  EXPECT_EQ(overview().unaudited, 0);
}

TEST_F(OverviewTest, CountJobsByState) {
  add("Patient/1");
  add("Patient/2");
  settle(claimed(), Verdict::Kind::completed);
  command("pause", "true");
  const auto seen = overview();
  EXPECT_EQ(seen.jobs.at("queued"), 1);
  EXPECT_EQ(seen.jobs.at("completed"), 1);
  EXPECT_TRUE(seen.paused);
  EXPECT_EQ(seen.unaudited, 1);
}

TEST_F(OverviewTest, AJobWaitsFromWhenItJoinedItsLine) {
  const auto id = add("Patient/1");
  age(id, 300, {"enqueuedAt", "updatedAt"});
  EXPECT_NEAR(static_cast<double>(seconds_waited()), 300, 20);
}

TEST_F(OverviewTest, ADelayIsNoWait) {
  const auto id = add("Patient/1", {{"delay", "3600000"}});
  EXPECT_EQ(seconds_waited(), -1);
  age(id, 3600, {"enqueuedAt"});
  let_delay_end(id);
  await(moves.promote());
  EXPECT_LT(seconds_waited(), 20);
}

TEST_F(OverviewTest, AJobThatIsRetriedByCommandBeginsToWaitAnew) {
  const auto id = add("Patient/1");
  age(id, 86400, {"enqueuedAt"});
  settle(claimed(), Verdict::Kind::failed);
  command("retry", id);
  EXPECT_LT(seconds_waited(), 20);
}

TEST_F(OverviewTest, WhoGivesAJobBackHasNotHelpedIt) {
  const auto id = add("Patient/1");
  age(id, 300, {"enqueuedAt"});
  settle(claimed(), Verdict::Kind::handed_back);
  EXPECT_NEAR(static_cast<double>(seconds_waited()), 300, 20);
}

TEST_F(OverviewTest, CountTheWorkersThatWereHeardOf) {
  sweep();
  redis({"ZADD", "{q}:workers", std::to_string(time_of_redis() - 45000), "silent"});
  EXPECT_EQ(overview().workers, 1);
}

}  // namespace
}  // namespace test
