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

TEST_F(RecordsTest, FindAJobAnywhereOnItsWay) {
  const queue::InboxEntry with_id{{"target", "Patient/1"}, {"accounts", "Organization/a"}, {"id", "mine"}};
  const auto ids = await(producer.enqueue({{{"target", "Patient/2"}, {"accounts", ""}, {"state", "x"}}, with_id}));
  const auto began = time_of_redis() - 60'000;
  for (const bool taken_in : {false, true}) {
    if (taken_in) await(moves.take_in());
    for (const auto& id : ids) {
      const auto record = await(records.find_anywhere(id));
      ASSERT_TRUE(record) << id;
      EXPECT_EQ(record->id, id);
      EXPECT_EQ(record->field("state"), "queued");
      EXPECT_EQ(record->field("target"), id == "mine" ? "Patient/1" : "Patient/2");
      EXPECT_GT(record->number("enqueuedAt"), static_cast<std::uint64_t>(began));
    }
  }
  const std::string command = redis({"XADD", "{q}:inbox", "*", "pause", "false"}).text;
  for (const auto& id : {command, std::string("none"), std::string("1-1")})
    EXPECT_FALSE(await(records.find_anywhere(id))) << id;
}

TEST_F(RecordsTest, DoNotLookThroughAnEndlessInboxForAnOwnId) {
  const std::vector<queue::InboxEntry> entries(10001, {{"target", "Patient/2"}, {"accounts", ""}});
  const auto ids = await(producer.enqueue(entries));
  EXPECT_TRUE(await(records.find_anywhere(ids.back())));
  EXPECT_THROW(await(records.find_anywhere("mine")), queue::QueueUnavailable);
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

TEST_F(RecordsTest, ListByAgeAlsoWhatIsDueLate) {
  const auto old_and_late = add("Patient/1", {{"delay", "3000000000000"}});
  Ids delayed{old_and_late};
  for (int i = 0; i < 3; ++i) delayed.insert(delayed.begin(), add("Patient/1", {{"delay", "100000"}}));
  EXPECT_EQ(newest(JobState::scheduled, 2), Ids(delayed.begin(), delayed.begin() + 2));
  EXPECT_EQ(newest({}, 3), Ids(delayed.begin(), delayed.begin() + 3));
}

TEST_F(RecordsTest, ListByAgeAlsoWhatCameInOneMillisecond) {
  Ids ids;
  for (int i = 0; i < 12; ++i) {
    const std::string id = "1000-" + std::to_string(i);
    redis({"XADD", "{q}:inbox", id, "target", "Patient/1", "accounts", ""});
    ids.insert(ids.begin(), id);
  }
  await(moves.take_in());
  EXPECT_EQ(newest({}, 12), ids);
  EXPECT_EQ(newest({}, 1), Ids{"1000-11"});
}

TEST_F(RecordsTest, ListByAgeAlsoWhatRanLong) {
  const auto long_ago = add("Patient/1");
  const auto running_long = claimed();
  Ids completed;
  for (int i = 0; i < 3; ++i) {
    completed.insert(completed.begin(), add("Patient/2"));
    settle(claimed(), Verdict::Kind::completed);
  }
  settle(running_long, Verdict::Kind::completed);
  completed.push_back(long_ago);
  EXPECT_EQ(newest(JobState::completed, 1), Ids{completed.front()});
  EXPECT_EQ(newest(JobState::completed, 10), completed);
}

TEST_F(RecordsTest, FindTheFewOfAStateBehindAHundredThousandOthers) {
  const auto failed = add("Patient/1");
  settle(claimed(), Verdict::Kind::failed);
  redis({"EVAL",
         "for i = 1, 100000 do local id = string.format('x%06d', i) "
         "redis.call('ZADD', KEYS[1] .. ':jobs', 2000000000000 + i, id) "
         "redis.call('HSET', KEYS[1] .. ':job:' .. id, 'state', 'completed', 'enqueuedAt', 2000000000000 + i) end",
         "1", "{q}"});
  EXPECT_EQ(newest({}, 2), (Ids{"x100000", "x099999"}));
  const auto begin = queue::Clock::now();
  EXPECT_EQ(newest(JobState::failed, 10), Ids{failed});
  EXPECT_LT(queue::Clock::now() - begin, 20s) << "it takes about a second";
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
