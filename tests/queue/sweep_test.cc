#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

/// What sweeps and promotions do when there is much to do, when Redis' clock was set, when somebody meddled.
class SweepTest : public QueueTest {
 protected:
  std::int64_t end_of_lease(const std::string& id) { return std::stoll(redis({"ZSCORE", "{q}:running", id}).text); }
  void put_something_else_in_place_of(const std::string& key) {
    redis({"DEL", key});
    redis({"SET", key, "meddled with"});
  }
};

TEST_F(SweepTest, TakesAwayMoreThanAThousandJobsFiftyAtATime) {
  for (int i = 0; i < 1100; ++i) {
    add("Patient/" + std::to_string(i));
    let_lease_end(claimed().id);
  }
  int calls = 0;
  std::int64_t taken_away = 0;
  for (auto swept = await(moves.sweep(time_of_redis())); swept.jobs > 0; swept = await(moves.sweep(time_of_redis()))) {
    EXPECT_LE(swept.jobs, 50);
    EXPECT_EQ(swept.next_end.has_value(), calls < 21) << "whether to come again at once";
    taken_away += swept.jobs;
    ++calls;
  }
  EXPECT_EQ(calls, 22);
  EXPECT_EQ(taken_away, 1100);
  EXPECT_EQ(stats()["queued"], "1100");
  EXPECT_EQ(broken_invariant(io, client), "");
}

TEST_F(SweepTest, SaysWhenTheNextLeaseEnds) {
  EXPECT_FALSE(await(moves.sweep(time_of_redis())).next_end);
  add("Patient/1");
  claimed();
  const auto next_end = await(moves.sweep(time_of_redis())).next_end;
  EXPECT_GT(next_end, 9s);
  EXPECT_LE(next_end, 10s);
}

TEST_F(SweepTest, AJobThatCannotBeMovedStopsNoOther) {
  const auto meddled = add("Patient/1");
  claimed();
  const auto other = add("Patient/2");
  claimed();
  put_something_else_in_place_of("{q}:line:Patient/1");
  redis({"ZADD", "{q}:running", "1", meddled});
  redis({"ZADD", "{q}:running", "2", other});
  EXPECT_EQ(await(moves.sweep(time_of_redis())).jobs, 2);
  EXPECT_EQ(state(other), "queued");
  EXPECT_NE(field(meddled, "error").find("WRONGTYPE"), std::string::npos) << field(meddled, "error");
  EXPECT_EQ(await(moves.sweep(time_of_redis())).jobs, 0);
}

TEST_F(SweepTest, AJobWhoseRecordIsNoneIsTriedAgainLater) {
  const auto running = add("Patient/1");
  claimed();
  const auto delayed = add("Patient/2", {{"delay", "100000"}});
  let_lease_end(running);
  let_delay_end(delayed);
  put_something_else_in_place_of("{q}:job:" + running);
  put_something_else_in_place_of("{q}:job:" + delayed);
  EXPECT_EQ(await(moves.sweep(time_of_redis())).jobs, 1);
  EXPECT_EQ(await(moves.sweep(time_of_redis())).jobs, 0);
  EXPECT_GT(await(moves.promote()).next_due, 5s);
}

TEST_F(SweepTest, ARecordThatLostItsFieldsStopsNoOther) {
  const auto halved = add("Patient/1");
  claimed();
  const auto other = add("Patient/2");
  claimed();
  redis({"HDEL", "{q}:job:" + halved, "target", "enqueuedAt", "attempt"});
  redis({"ZADD", "{q}:running", "1", halved});
  redis({"ZADD", "{q}:running", "2", other});
  sweep();
  EXPECT_EQ(state(other), "queued");
  EXPECT_EQ(claimed().id, other);
}

TEST_F(SweepTest, ADelayedJobThatCannotBeMovedStopsNoOther) {
  const auto meddled = add("Patient/1", {{"delay", "100000"}});
  const auto other = add("Patient/2", {{"delay", "100000"}});
  put_something_else_in_place_of("{q}:line:Patient/1");
  redis({"ZADD", "{q}:scheduled", "1", meddled});
  redis({"ZADD", "{q}:scheduled", "2", other});
  EXPECT_FALSE(await(moves.promote()).next_due == 0ms);
  EXPECT_EQ(state(other), "queued");
  EXPECT_NE(field(meddled, "error").find("WRONGTYPE"), std::string::npos) << field(meddled, "error");
}

TEST_F(SweepTest, ALeaseThatAClockSetBackLeftInTheFutureEndsInTime) {
  const auto id = add("Patient/1");
  claimed();
  redis({"ZADD", "{q}:running", std::to_string(time_of_redis() + 3600000), id});
  sweep();
  EXPECT_EQ(state(id), "running");
  EXPECT_GT(end_of_lease(id), time_of_redis() + 9000);
  EXPECT_LE(end_of_lease(id), time_of_redis() + 10000);
}

TEST_F(SweepTest, ALongerLeaseOfAnotherWorkerIsLeftAsItIs) {
  options.lease = 1h;
  queue::Moves patient(client, options);
  add("Patient/1");
  const auto job = *await(patient.claim("token")).job;
  sweep();
  EXPECT_GT(end_of_lease(job.id), time_of_redis() + 3500000);
}

}  // namespace
}  // namespace test
