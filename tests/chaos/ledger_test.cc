#include "tests/chaos/ledger.h"

#include <gtest/gtest.h>

namespace {

using chaos::Ledger;
using queue::Command;
using Transaction = std::vector<Command>;

/// Moves as Redis writes them down.
struct LedgerTest : testing::Test {
  static std::string key(const std::string& id) { return "{set-accounts}:job:" + id; }

  void take_in(const std::string& id) {
    ledger.take({{"HSET", key(id), "target", "Patient/1", "requestedBy", id, "enqueuedAt", "1"},
                 {"HSET", key(id), "state", "queued"}});
  }
  void claim(const std::string& id, const std::string& at = "10") {
    ledger.take({{"HINCRBY", key(id), "claim", "1"},
                 {"HSET", key(id), "worker", "w", "startedAt", at},
                 {"HSET", key(id), "state", "running"}});
  }
  void sweep(const std::string& id) {
    ledger.take({{"HSET", key(id), "leasesLost", "1"}, {"HSET", key(id), "state", "queued", "updatedAt", "20"}});
  }
  void end(const std::string& id, const std::string& state) {
    ledger.take({{"HSET", key(id), "finishedAt", "30", "updatedAt", "30", "state", state}});
  }

  Ledger ledger;
};

TEST_F(LedgerTest, FollowsAJobThroughALostLeaseToItsEnd) {
  take_in("a");
  claim("a");
  ledger.take({{"SADD", "{set-accounts}:owed:Patient/1", "Organization/1"}});
  sweep("a");
  claim("a", "25");
  end("a", "failed");
  EXPECT_TRUE(ledger.wrong().empty());
  const chaos::Life& life = ledger.lives().at("a");
  ASSERT_EQ(life.tenures.size(), 2U);
  EXPECT_TRUE(life.tenures[0].lease_lost);
  EXPECT_EQ(life.tenures[0].ended, 20);
  EXPECT_FALSE(life.tenures[1].lease_lost);
  ASSERT_EQ(life.endings.size(), 1U);
  EXPECT_TRUE(life.endings[0].owed);
}

TEST_F(LedgerTest, ComplainsOfAJobThatOvertakes) {
  take_in("a");
  take_in("b");
  claim("b");
  ASSERT_EQ(ledger.wrong().size(), 1U);
  EXPECT_EQ(ledger.wrong()[0], "b: runs although a is before it");
}

TEST_F(LedgerTest, LetsAJobThatWaitsToRetryKeepItsPlace) {
  take_in("a");
  take_in("b");
  claim("a");
  ledger.take({{"HSET", key("a"), "state", "scheduled", "updatedAt", "20"}});
  ledger.take({{"HSET", key("a"), "state", "queued"}});
  claim("a");
  end("a", "completed");
  claim("b");
  EXPECT_TRUE(ledger.wrong().empty()) << ledger.wrong()[0];
}

TEST_F(LedgerTest, LetsADelayedOrRetriedJobJoinTheEndOfItsLine) {
  ledger.take({{"HSET", key("late"), "target", "Patient/1", "state", "scheduled"}});
  take_in("a");
  claim("a");
  end("a", "cancelled");
  take_in("b");
  ledger.take({{"HSET", key("late"), "state", "queued"}});
  ledger.take({{"HSET", key("a"), "state", "queued"}});
  for (const char* id : {"b", "late", "a"}) {
    claim(id);
    end(id, "completed");
  }
  EXPECT_TRUE(ledger.wrong().empty()) << ledger.wrong()[0];
  EXPECT_EQ(ledger.lives().at("a").endings.size(), 2U);
}

TEST_F(LedgerTest, ComplainsWhenSomethingChangesAfterTheEnd) {
  take_in("a");
  claim("a");
  end("a", "completed");
  ledger.take({{"HSET", key("a"), "error", "retry refused: no"}});
  EXPECT_TRUE(ledger.wrong().empty()) << "that is an operator's own doing";
  ledger.take({{"HSET", key("a"), "finishedAt", "31"}});
  EXPECT_EQ(ledger.wrong().at(0), "a: finishedAt changed after the end");
}

}  // namespace
