#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using TakeInTest = QueueTest;

struct Rubbish {
  queue::InboxEntry entry;
  std::string field;
};

TEST_F(TakeInTest, AnEntryThatIsNoJobFailsWithTheNameOfTheField) {
  const std::vector<Rubbish> all{
      {{{"accounts", ""}}, "target: missing"},
      {{{"target", ""}, {"accounts", ""}}, "target:"},
      {{{"target", "Patient"}, {"accounts", ""}}, "target:"},
      {{{"target", "Patient/.."}, {"accounts", ""}}, "target:"},
      {{{"target", "patient/1"}, {"accounts", ""}}, "target:"},
      {{{"target", "Patient/1/_history/2"}, {"accounts", ""}}, "target:"},
      {{{"target", "Patient/" + std::string(65, 'a')}, {"accounts", ""}}, "target:"},
      {{{"target", "Patient/1"}, {"target", "Patient/2"}, {"accounts", ""}}, "target: given more than once"},
      {{{"target", "Patient/1"}}, "accounts: missing"},
      {{{"target", "Patient/1"}, {"accounts", ""}, {"id", "12-3"}}, "id:"},
      {{{"target", "Patient/1"}, {"accounts", ""}, {"id", "a b"}}, "id:"},
      {{{"target", "Patient/1"}, {"accounts", ""}, {"priority", "1001"}}, "priority:"},
      {{{"target", "Patient/1"}, {"accounts", ""}, {"priority", "1.5"}}, "priority:"},
      {{{"target", "Patient/1"}, {"accounts", ""}, {"delay", "-1"}}, "delay:"},
      {{{"target", "Patient/1"}, {"accounts", ""}, {"delay", "99999999999999999999"}}, "delay:"},
      {{{"target", "Patient/1"}, {"accounts", ""}, {"maxAttempts", "0"}}, "maxAttempts:"},
      {{{"cancel", "no id"}}, "cancel:"},
      {{{"retry", ""}}, "retry:"},
      {{{"pause", "maybe"}}, "pause:"},
      {{{"pause", "true"}, {"cancel", "1-1"}}, "cancel, retry, pause: only one"},
      {{{"cancel", "aa"}, {"cancel", "bb"}}, "cancel: given more than once"},
      {{{"retry", "aa"}, {"retry", "aa"}}, "retry: given more than once"},
      {{{"pause", "true"}, {"pause", "false"}}, "pause: given more than once"},
  };
  for (const auto& [entry, field_named] : all) {
    const auto id = add_entry(entry);
    EXPECT_EQ(state(id), "failed") << field_named;
    EXPECT_TRUE(field(id, "error").starts_with(field_named)) << field(id, "error");
    EXPECT_FALSE(field(id, "finishedAt").empty());
    EXPECT_GT(redis({"PTTL", "{q}:job:" + id}).number, 0);
  }
  EXPECT_EQ(redis({"XLEN", "{q}:inbox"}).number, 0);
  EXPECT_EQ(stats()["failed"], std::to_string(all.size()));
  EXPECT_FALSE(claim());
  EXPECT_EQ(broken_invariant(io, client), "");
}

TEST_F(TakeInTest, AnEntryCannotWriteTheFieldsThatAreOurs) {
  const auto id = add("Patient/1", {{"state", "completed"},
                                    {"claim", "99"},
                                    {"attempt", "99"},
                                    {"order", "99"},
                                    {"settled", "1 completed"},
                                    {"resourcesWritten", "99"},
                                    {"cancelRequested", "1"},
                                    {"enqueuedAt", "1"},
                                    {"output", "{}"}});
  EXPECT_EQ(state(id), "queued");
  const auto job = claimed();
  EXPECT_GT(job.claim, 99);
  EXPECT_EQ(job.attempt, 1);
  EXPECT_EQ(job.written_before, 0U);
  EXPECT_EQ(field(id, "output"), "");
  EXPECT_EQ(await(moves.renew(job, {})), queue::Standing::ours);
  EXPECT_EQ(broken_invariant(io, client), "");
}

TEST_F(TakeInTest, KeepsUnknownFieldsAndBinaryValuesAsTheyAre) {
  const std::string binary("\0\xff{}\r\n", 6);
  const auto id = add("Patient/1", {{"note", binary}, {binary, "x"}, {"requestedBy", "me"}});
  EXPECT_EQ(field(id, "note"), binary);
  EXPECT_EQ(field(id, binary), "x");
  const auto refused = add_entry({{"target", binary}, {"accounts", binary}});
  EXPECT_EQ(state(refused), "failed");
  EXPECT_EQ(field(refused, "target"), binary);
  EXPECT_EQ(broken_invariant(io, client), "");
}

TEST_F(TakeInTest, TakesAnEntryOfManyThousandFields) {
  queue::InboxEntry many;
  for (int i = 0; i < 20000; ++i) many.emplace_back("f" + std::to_string(i), "v");
  const auto id = add("Patient/1", many);
  EXPECT_EQ(state(id), "queued");
  EXPECT_EQ(field(id, "f19999"), "v");
}

TEST_F(TakeInTest, AKeyOfAnotherTypeFailsOnlyTheEntryThatNeedsIt) {
  redis({"SET", "{q}:line:Patient/1", "not a list"});
  const auto blocked = add_entry({{"target", "Patient/1"}, {"accounts", ""}});
  const auto good = add("Patient/2");
  EXPECT_EQ(redis({"XLEN", "{q}:inbox"}).number, 0);
  EXPECT_EQ(state(blocked), "failed");
  EXPECT_NE(field(blocked, "error").find("WRONGTYPE"), std::string::npos) << field(blocked, "error");
  EXPECT_EQ(state(good), "queued");
  EXPECT_EQ(stats()["failed"], "1");
  EXPECT_EQ(stats()["queued"], "1");
}

TEST_F(TakeInTest, TakesAHundredEntriesACallInTheirOrder) {
  std::vector<queue::InboxEntry> entries(250, {{"target", "Patient/1"}, {"accounts", ""}});
  const auto ids = await(producer.enqueue(entries));
  EXPECT_EQ(await(moves.take_in()).entries, 100);
  EXPECT_EQ(redis({"XLEN", "{q}:inbox"}).number, 150);
  EXPECT_EQ(await(moves.take_in()).entries, 100);
  EXPECT_EQ(await(moves.take_in()).entries, 50);
  EXPECT_EQ(await(moves.take_in()).entries, 0);
  EXPECT_EQ(queue::texts_of(redis({"LRANGE", "{q}:line:Patient/1", "0", "-1"})), ids);
}

TEST_F(TakeInTest, ASecondEntryWithTheSameOwnIdIsDroppedWhileTheRecordLives) {
  EXPECT_EQ(add("Patient/1", {{"id", "mine"}}), "mine");
  add("Patient/2", {{"id", "mine"}});
  EXPECT_EQ(field("mine", "target"), "Patient/1");
  EXPECT_EQ(redis({"ZCARD", "{q}:waiting"}).number, 1);
  settle(claimed(), queue::Verdict::Kind::completed);
  add("Patient/2", {{"id", "mine"}});
  EXPECT_EQ(state("mine"), "completed");
  redis({"DEL", "{q}:job:mine"});
  add("Patient/2", {{"id", "mine"}});
  EXPECT_EQ(state("mine"), "queued");
  EXPECT_EQ(field("mine", "target"), "Patient/2");
  EXPECT_EQ(broken_invariant(io, client), "") << "nothing of the one that expired is left";
}

TEST_F(TakeInTest, AnInvalidEntryWithAnOwnIdFailsUnderThatId) {
  add("nobody", {{"id", "mine"}});
  EXPECT_EQ(state("mine"), "failed");
}

TEST_F(TakeInTest, AJobWithParametersNeedsNoAccounts) {
  const auto id = add_entry({{"target", "Patient/1"}, {"parameters", R"({"resourceType":"Parameters"})"}});
  EXPECT_EQ(state(id), "queued");
  EXPECT_FALSE(claimed().fields.contains("accounts"));
}

TEST_F(TakeInTest, KeepsEntriesWhileRedisHasNoMemoryForThem) {
  redis({"XADD", "{q}:inbox", "*", "target", "Patient/1", "accounts", ""});
  redis({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_THROW(await(moves.take_in()), queue::MoveRefused);
  redis({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_EQ(redis({"XLEN", "{q}:inbox"}).number, 1);
  EXPECT_EQ(broken_invariant(io, client), "");
  EXPECT_EQ(await(moves.take_in()).entries, 1);
  EXPECT_TRUE(claim());
}

}  // namespace
}  // namespace test
