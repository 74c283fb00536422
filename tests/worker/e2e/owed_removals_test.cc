#include <set>

#include "tests/worker/e2e/end_to_end.h"

namespace {

using sandbox::Request;
using sandbox::RequestKind;
using test::EndToEnd;
using test::organization;

/// A job that could not reach all members, and what others make of the removals that it left behind: accounts 1 and 2.
class OwedRemovals : public EndToEnd {
 protected:
  void SetUp() override {
    seeded = seed({.members = 60});
    look();
  }

  /// The job fails at one member, which still has what the target lost.
  std::string break_off(const Request& request) {
    server.add_fault({.on = RequestKind::patch, .reference = seeded.members[7], .status = 422});
    oracle().abandoned(request, true);
    std::string job = enqueue(request);
    EXPECT_EQ(drain(), 1) << said();
    EXPECT_EQ(field(job, "state"), "failed");
    server.clear_faults();
    return job;
  }
  std::string complete(const Request& request) {
    oracle().expect(request);
    std::string job = enqueue(request);
    EXPECT_EQ(drain(), 0) << said();
    EXPECT_EQ(field(job, "state"), "completed") << field(job, "error");
    EXPECT_EQ(wrong(), "");
    return job;
  }
  std::set<std::string> owes() {
    const auto all = owed(seeded.target);
    return {all.begin(), all.end()};
  }
  static std::set<std::string> organizations(std::initializer_list<unsigned> numbers) {
    std::set<std::string> all;
    for (const unsigned n : numbers) all.insert(organization(n));
    return all;
  }

  const Request swap{"Patient/p", {organization(5)}, true};
  sandbox::Seeded seeded;
};

TEST_F(OwedRemovals, AreLeftAloneByAJobThatDoesNotPropagate) {
  break_off(swap);
  ASSERT_EQ(owes(), organizations({1, 2}));
  complete({seeded.target, {organization(6)}, false});
  EXPECT_EQ(owes(), organizations({1, 2})) << "neither settled nor added to";
  complete({seeded.target, {organization(3)}, true});
  EXPECT_EQ(owes(), organizations({}));
}

TEST_F(OwedRemovals, AreReckonedWithAndLeftAloneByADryRun) {
  break_off(swap);
  const std::string dry =
      enqueue({"target", seeded.target, "accounts", organization(6), "propagate", "true", "dryRun", "true"});
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(owes(), organizations({1, 2}));
  const std::string real = complete({seeded.target, {organization(6)}, true});
  EXPECT_EQ(number(dry, "resourcesToWrite"), number(real, "resourcesWritten"));
  EXPECT_EQ(field(dry, "removals"), field(real, "removals"));
}

TEST_F(OwedRemovals, AreCarriedOutByTheRetryOfTheJobThatLeftThem) {
  const std::string job = break_off(swap);
  EXPECT_EQ(number(job, "resourcesFailed"), 1);
  oracle().expect(swap);
  retry(job);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(field(job, "state"), "completed") << field(job, "error");
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "attempt"), 1);
  EXPECT_EQ(number(job, "resourcesFailed"), 0);
  EXPECT_EQ(number(job, "resourcesUpdated"), oracle().resources_updated());
  EXPECT_TRUE(failures(job).empty());
  EXPECT_EQ(owes(), organizations({}));
}

TEST_F(OwedRemovals, EndForWhatACompletedJobAskedForAgain) {
  break_off(swap);
  const std::string again = complete({seeded.target, {organization(2), organization(6)}, true});
  EXPECT_EQ(field(again, "removals"), R"([")" + organization(1) + R"(",")" + organization(5) + R"("])");
  EXPECT_EQ(owes(), organizations({}));
  complete({seeded.target, {organization(6)}, false});
  complete({seeded.target, {organization(6)}, true});
}

TEST_F(OwedRemovals, LastThroughAFailedJobThatAskedForThemAgain) {
  break_off(swap);
  break_off({seeded.target, {organization(1), organization(6)}, true});
  EXPECT_EQ(owes(), organizations({1, 2, 5}));
  complete({seeded.target, {organization(3)}, true});
  EXPECT_EQ(owes(), organizations({}));
}

TEST_F(OwedRemovals, AreNotedBeforeTheTargetIsWritten) {
  server.add_fault({.on = RequestKind::patch, .reference = seeded.target, .status = 422});
  const std::string job = enqueue(swap);
  EXPECT_EQ(drain(), 1) << said();
  EXPECT_EQ(field(job, "state"), "failed");
  EXPECT_EQ(number(job, "attempt"), 1);
  EXPECT_NE(field(job, "error").find("the target cannot be written"), std::string::npos) << field(job, "error");
  EXPECT_EQ(server.counters().total_writes(), 0) << "no member before its target";
  EXPECT_EQ(owes(), organizations({1, 2}));

  server.clear_faults();
  oracle().abandoned(swap, false);
  complete({seeded.target, {organization(1)}, true});
  EXPECT_EQ(owes(), organizations({}));
}

TEST_F(OwedRemovals, OfAJobCancelledBeforeItRanAreNone) {
  const std::string job = enqueue(swap);
  redis({"XADD", "{set-accounts}:inbox", "*", "cancel", job});
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(owes(), organizations({}));
  complete({seeded.target, {organization(1), organization(6)}, true});
}

TEST_F(OwedRemovals, AreCarriedOutOnSharedMembersWhenTheLastPatientWhoHasTheAccountLosesIt) {
  break_off(swap);
  complete({seeded.target, {organization(6)}, true});
  const std::string shared = seeded.shared.front();
  EXPECT_EQ(accounts_of(shared).front(), R"({"reference":")" + organization(1) + R"("})")
      << "kept for the other patient";
  complete({seeded.second, {}, true});
  EXPECT_EQ(accounts_of(shared), std::vector{R"({"reference":")" + organization(6) + R"("})"});
}

TEST_F(OwedRemovals, OfTwoPatientsAreEachTheirOwn) {
  server.add_fault({.on = RequestKind::patch, .reference = seeded.shared.front(), .status = 422});
  const Request other{seeded.second, {organization(6)}, true};
  oracle().abandoned(swap, true);
  oracle().abandoned(other, true);
  enqueue(swap);
  enqueue(other);
  EXPECT_EQ(drain({"--jobs", "1"}), 1) << said();
  EXPECT_EQ(owes(), organizations({1, 2}));
  EXPECT_EQ(owed(seeded.second).size(), 2u);

  server.clear_faults();
  complete(other);
  EXPECT_EQ(owes(), organizations({1, 2})) << "another target's job proves nothing";
  complete(swap);
}

}  // namespace
