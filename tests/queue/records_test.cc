#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::JobState;
using queue::Verdict;
using Ids = std::vector<std::string>;

class RecordsTest : public QueueTest {
 protected:
  Ids newest(std::optional<JobState> state, std::size_t limit) {
    Ids ids;
    for (const auto& record : await(records.newest(state, limit))) ids.push_back(record.id);
    return ids;
  }
};

TEST_F(RecordsTest, TellWhatWaitsInTheInboxFromWhatIsKnown) {
  const queue::InboxEntry with_id{{"target", "Patient/1"}, {"accounts", ""}, {"id", "mine"}};
  const auto ids = await(producer.enqueue({{{"target", "Patient/2"}, {"accounts", ""}}, with_id}));
  EXPECT_EQ(ids.at(1), "mine");
  for (const auto& id : ids) {
    EXPECT_TRUE(await(records.in_inbox(id))) << id;
    EXPECT_FALSE(await(records.find(id))) << id;
  }
  await(moves.take_in());
  for (const auto& id : ids) {
    EXPECT_FALSE(await(records.in_inbox(id))) << id;
    EXPECT_EQ(await(records.find(id))->state(), JobState::queued) << id;
  }
  EXPECT_FALSE(await(records.in_inbox("1-")));
  EXPECT_FALSE(await(records.in_inbox("99999999999999999999999-1")));
}

TEST_F(RecordsTest, FindAnOwnIdBehindManyEntries) {
  std::vector<queue::InboxEntry> entries(2500, {{"target", "Patient/2"}, {"accounts", ""}});
  entries.back().emplace_back("id", "last");
  await(producer.enqueue(entries));
  EXPECT_TRUE(await(records.in_inbox("last")));
  EXPECT_FALSE(await(records.in_inbox("none")));
}

TEST_F(RecordsTest, ListTheNewestOfAllStatesFirst) {
  Ids ids;
  for (int i = 0; i < 3; ++i) ids.push_back(add("Patient/" + std::to_string(i)));
  settle(claimed(), Verdict::Kind::completed);
  claimed();
  ids.push_back(add("Patient/9", {{"delay", "100000"}}));
  std::ranges::reverse(ids);
  EXPECT_EQ(newest({}, 10), ids);
  EXPECT_EQ(newest({}, 2), Ids(ids.begin(), ids.begin() + 2));
  EXPECT_TRUE(newest({}, 0).empty());
}

TEST_F(RecordsTest, ListTheNewestOfOneState) {
  Ids failed;
  for (int i = 0; i < 1200; ++i) {
    const auto id = add("Patient/1");
    settle(claimed(), i % 600 == 0 ? Verdict::Kind::failed : Verdict::Kind::completed);
    if (i % 600 == 0) failed.insert(failed.begin(), id);
  }
  EXPECT_EQ(newest(JobState::failed, 10), failed);
  EXPECT_EQ(newest(JobState::failed, 1), Ids{failed.front()});
  EXPECT_EQ(newest(JobState::completed, 2000).size(), 1198U);
  EXPECT_TRUE(newest(JobState::running, 10).empty());
}

TEST_F(RecordsTest, LeaveOutWhatHasExpired) {
  const auto id = add("Patient/1");
  settle(claimed(), Verdict::Kind::completed);
  redis({"DEL", "{q}:job:" + id});
  EXPECT_TRUE(newest({}, 10).empty());
  EXPECT_FALSE(await(records.find(id)));
}

TEST_F(RecordsTest, ReadNumbersAndMissingFields) {
  queue::Record record;
  record.fields = {{"state", "failed"}, {"resourcesTotal", "42"}};
  EXPECT_EQ(record.state(), JobState::failed);
  EXPECT_EQ(record.number("resourcesTotal"), 42U);
  EXPECT_EQ(record.number("nothing"), 0U);
  EXPECT_EQ(record.field("nothing"), "");
}

TEST_F(RecordsTest, AHundredThousandEntriesAreEnqueuedInOrder) {
  const std::vector<queue::InboxEntry> entries(100000, {{"target", "Patient/1"}, {"accounts", "Organization/a"}});
  const auto ids = await(producer.enqueue(entries));
  ASSERT_EQ(ids.size(), entries.size());
  EXPECT_EQ(redis({"XLEN", "{q}:inbox"}).number, 100000);
  EXPECT_EQ(redis({"XRANGE", "{q}:inbox", "-", "+", "COUNT", "1"}).items[0].items[0].text, ids.front());
  EXPECT_EQ(redis({"XREVRANGE", "{q}:inbox", "+", "-", "COUNT", "1"}).items[0].items[0].text, ids.back());
}

}  // namespace
}  // namespace test
