#include "queue/job_list.h"

#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Verdict;
using queue::Which;

class JobListTest : public QueueTest {
 protected:
  std::vector<std::string> ids(Which which, std::size_t limit = 10) {
    std::vector<std::string> found;
    list = await(queue::list_jobs(client, "q", which, limit));
    for (const auto& record : list.records) found.push_back(record.id);
    return found;
  }
  std::string ended(const std::string& target, Verdict::Kind kind) {
    const auto id = add(target);
    settle(claimed(), kind);
    return id;
  }

  using Ids = std::vector<std::string>;
  queue::JobList list;
};

TEST_F(JobListTest, HasEachStateInTheOrderInWhichItIsLookedAt) {
  const auto completed = ended("Patient/1", Verdict::Kind::completed);
  redis({"ZINCRBY", "{q}:finished", "-1000", completed});
  const auto failed = ended("Patient/2", Verdict::Kind::failed);
  const auto running = add("Patient/3");
  claimed();
  const auto first = add("Patient/4");
  const auto second = add("Patient/5");
  const auto later = add("Patient/6", {{"delay", "90000"}});
  const auto sooner = add("Patient/7", {{"delay", "60000"}});

  EXPECT_EQ(ids(Which::running), Ids{running});
  EXPECT_EQ(ids(Which::queued), (Ids{first, second}));
  EXPECT_EQ(ids(Which::scheduled), (Ids{sooner, later}));
  EXPECT_EQ(ids(Which::finished), (Ids{failed, completed}));
  EXPECT_EQ(ids(Which::completed), Ids{completed});
  EXPECT_EQ(ids(Which::failed), Ids{failed});
  EXPECT_EQ(ids(Which::cancelled), Ids{});
  EXPECT_EQ(ids(Which::all), (Ids{sooner, later, second, first, running, failed, completed}));
  EXPECT_FALSE(list.more);
  EXPECT_EQ(list.records.back().field("target"), "Patient/1");
}

TEST_F(JobListTest, SaysThatThereAreMore) {
  for (int i = 0; i < 3; ++i) add("Patient/" + std::to_string(i));
  EXPECT_EQ(ids(Which::queued, 2).size(), 2U);
  EXPECT_TRUE(list.more);
  EXPECT_EQ(ids(Which::queued, 3).size(), 3U);
  EXPECT_FALSE(list.more);
}

TEST_F(JobListTest, LeavesOutAJobWhoseRecordIsGone) {
  const auto lost = add("Patient/1");
  const auto kept = add("Patient/2");
  redis({"DEL", "{q}:job:" + lost});
  EXPECT_EQ(ids(Which::queued, 1), Ids{kept});
}

TEST_F(JobListTest, GivesUpAfterSomeThousandFinishedJobsOfAnotherKind) {
  redis({"EVAL",
         "for i = 1, 6000 do redis.call('ZADD', '{q}:finished', i, i) "
         "redis.call('HSET', '{q}:job:' .. i, 'state', i == 1 and 'failed' or 'completed') end return 1",
         "1", "{q}"});
  EXPECT_TRUE(ids(Which::failed).empty());
  EXPECT_TRUE(list.more);
}

}  // namespace
}  // namespace test
