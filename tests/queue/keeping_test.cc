#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Verdict;

/// Workers may keep finished records for different times.
class KeepingTest : public QueueTest {
 protected:
  KeepingTest() : short_moves_(client, with_keep(1min)), long_moves_(client, with_keep(2h)) {}

  queue::RedisJobQueue::Options with_keep(std::chrono::milliseconds keep) {
    options.keep_finished = keep;
    return options;
  }
  void end(queue::Moves& by, Verdict::Kind kind) {
    Verdict verdict;
    verdict.kind = kind;
    await(by.settle(claimed(), verdict));
  }
  std::int64_t left_of(const std::string& key) { return redis({"PTTL", key}).number; }

  queue::Moves short_moves_;
  queue::Moves long_moves_;
};

TEST_F(KeepingTest, ABatchOutlivesTheRecordThatIsKeptLongest) {
  const auto kept = add("Patient/1", {{"batch", "b"}});
  const auto last = add("Patient/2", {{"batch", "b"}});
  end(long_moves_, Verdict::Kind::completed);
  end(short_moves_, Verdict::Kind::failed);
  EXPECT_GE(left_of("{q}:batch:b"), left_of("{q}:job:" + kept));
  command("retry", last);
  EXPECT_EQ(left_of("{q}:batch:b"), -1);
  end(short_moves_, Verdict::Kind::failed);
  EXPECT_GE(left_of("{q}:batch:b"), left_of("{q}:job:" + kept));
}

TEST_F(KeepingTest, ARetryIsRefusedAsLongAsTheRecordLives) {
  const auto failed = add("Patient/1");
  add("Patient/1");
  end(long_moves_, Verdict::Kind::failed);
  end(short_moves_, Verdict::Kind::completed);
  EXPECT_GE(left_of("{q}:completed:Patient/1"), left_of("{q}:job:" + failed));
  command("retry", failed);
  EXPECT_EQ(state(failed), "failed");
}

TEST_F(KeepingTest, ARecordIsForgottenWhenItExpiresHoweverLongOthersAreKept) {
  for (int i = 0; i < 250; ++i) {
    add("Patient/1");
    end(long_moves_, Verdict::Kind::completed);
  }
  queue::Moves brief(client, with_keep(1ms));
  const auto id = add("Patient/1");
  end(brief, Verdict::Kind::completed);
  while (exists("{q}:job:" + id)) {
  }
  while (await(moves.expire()) == 0) {
  }
  EXPECT_EQ(redis({"ZCARD", "{q}:finished"}).number, 250);
  EXPECT_EQ(redis({"ZCARD", "{q}:jobs"}).number, 250);
}

TEST_F(KeepingTest, ARecordThatSomebodyKeepsLongerIsForgottenLater) {
  const auto id = add("Patient/1");
  settle(claimed(), Verdict::Kind::completed);
  const auto look_now = [&] {
    redis({"ZADD", "{q}:finished", "1", id});
    EXPECT_EQ(await(moves.expire()), 1);
    EXPECT_EQ(await(moves.expire()), 0);
    return std::stoll(redis({"ZSCORE", "{q}:finished", id}).text) - time_of_redis();
  };
  EXPECT_GT(look_now(), 3500000) << "when it expires";
  redis({"PERSIST", "{q}:job:" + id});
  EXPECT_GT(look_now(), 24 * 3500000) << "in a day";
}

TEST_F(KeepingTest, AFinishedRecordTakesOnlyWhatIsStillOfUse) {
  const auto id = add("Patient/1", {{"batch", "b"}, {"priority", "1"}});
  const auto lost = claimed();
  let_lease_end(id);
  sweep();
  queue::Progress progress;
  progress.accounts = "[]";
  await(moves.renew(claimed(), progress));
  let_lease_end(id);
  sweep();
  settle(claimed(), Verdict::Kind::completed);
  for (const char* name : {"claim", "order", "requested", "lease", "leasesLost", "mostUpdated", "cancelRequested"})
    EXPECT_EQ(field(id, name), "") << name;
}

}  // namespace
}  // namespace test
