#include <gtest/gtest.h>

#include "tests/chaos/verdict.h"

namespace {

using chaos::Wrong;

/// Two jobs of one patient, the second after the first, and what each judge says of what else happened.
struct Judges : testing::Test {
  Judges() {
    evidence.target_of = {{"Patient/1", "Patient/1"}, {"Goal/1", "Patient/1"}};
    add(0, {"Organization/a"});
    add(1, {"Organization/b"});
    run("own.0", "10", "20");
    run("own.1", "21", "30");
  }

  void add(int number, const std::vector<std::string>& accounts) {
    chaos::Added& added = evidence.added.emplace_back();
    added.job.number = number;
    added.job.target = "Patient/1";
    added.job.accounts = accounts;
    added.id = "own." + std::to_string(number);
    evidence.ledger.take({{"HSET", key(added.id), "target", "Patient/1", "requestedBy",
                           "chaos-" + std::to_string(number), "state", "queued"}});
  }
  void run(const std::string& id, const std::string& from, const std::string& to) {
    evidence.ledger.take({{"HSET", key(id), "claim", "1", "worker", "w", "startedAt", from, "state", "running"}});
    evidence.ledger.take({{"HSET", key(id), "finishedAt", to, "updatedAt", to, "state", "completed", "output", "{}"}});
  }
  static std::string key(const std::string& id) { return "{set-accounts}:job:" + id; }

  Wrong of_patch(chaos::Moment at, const std::string& before, const std::string& after) {
    evidence.patches = {{at, "Goal/1", {before}, {after}}};
    Wrong wrong;
    judge_patches(evidence, wrong);
    return wrong;
  }

  chaos::Evidence evidence;
};

TEST_F(Judges, AreContentWithJobsDoneRight) {
  Wrong wrong;
  judge_endings(evidence, wrong);
  judge_order(evidence, wrong);
  EXPECT_EQ(wrong, Wrong());
  EXPECT_EQ(of_patch(15, "Organization/x", "Organization/a"), Wrong());
  EXPECT_EQ(of_patch(25, "Organization/a", "Organization/b"), Wrong());
}

TEST_F(Judges, FindAWriteThatLandsWhenTheNextJobRuns) {
  const Wrong wrong = of_patch(25, "Organization/b", "Organization/a");
  ASSERT_EQ(wrong.size(), 1U);
  EXPECT_EQ(wrong[0], "Goal/1: was written at 25 by no job that ran then: Organization/b became Organization/a");
}

TEST_F(Judges, FindAWriteOfADryRunAndOneOfAJobThatDoesNotPropagate) {
  evidence.added[0].job.dry_run = true;
  EXPECT_EQ(of_patch(15, "Organization/x", "Organization/a").size(), 1U);
  evidence.added[0].job.dry_run = false;
  evidence.added[0].job.propagate = false;
  EXPECT_EQ(of_patch(15, "Organization/x", "Organization/a").size(), 1U);
}

TEST_F(Judges, FindAJobThatIsLost) {
  add(2, {"Organization/c"});
  evidence.added[2].id = "own.of-nobody";
  Wrong wrong;
  judge_endings(evidence, wrong);
  EXPECT_EQ(wrong, Wrong{"own.of-nobody: was acknowledged and is lost"});
}

TEST_F(Judges, FindAFailureWithoutAReason) {
  add(2, {"Organization/c"});
  evidence.ledger.take({{"HSET", key("own.2"), "state", "failed", "error", "lost by 3 workers in a row"}});
  Wrong wrong;
  judge_endings(evidence, wrong);
  EXPECT_EQ(wrong, Wrong{"own.2: is failed without a reason: lost by 3 workers in a row"});
}

TEST_F(Judges, FindThatTheProducersOrderWasNotKept) {
  std::swap(evidence.added[0], evidence.added[1]);
  Wrong wrong;
  judge_order(evidence, wrong);
  EXPECT_EQ(wrong, Wrong{"own.0: was ahead of own.1 in the line of Patient/1"});
}

TEST_F(Judges, FindAnEndingThatNobodyTold) {
  for (const auto& [id, life] : evidence.ledger.lives()) evidence.records[id] = life.record;
  evidence.fates.emplace_back().audited = {"completed own.0"};
  Wrong wrong;
  judge_audit(evidence, wrong);
  EXPECT_EQ(wrong, Wrong{"own.1: no audit line says that it is completed"});
}

TEST_F(Judges, FindAStateThatTheStatsMiss) {
  for (const auto& [id, life] : evidence.ledger.lives()) evidence.records[id] = life.record;
  evidence.stats = {{"completed", "1"}};
  Wrong wrong;
  judge_books(evidence, wrong);
  EXPECT_EQ(wrong, Wrong{"stats say 1 completed, there were 2"});
}

}  // namespace
