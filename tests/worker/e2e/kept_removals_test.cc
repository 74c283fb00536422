#include "tests/worker/e2e/end_to_end.h"

namespace {

using sandbox::FaultKind;
using sandbox::Request;
using sandbox::RequestKind;
using test::EndToEnd;
using test::organization;

/// A compartment of which every third member is a second patient's, too, who has account 1 himself.
class KeptRemovals : public EndToEnd {
 protected:
  void SetUp() override {
    seeded = seed({.members = 60, .shared_every = 3});
    look();
  }
  void expect_right(const std::string& job) {
    EXPECT_EQ(field(job, "state"), "completed") << field(job, "error");
    EXPECT_EQ(wrong(), "");
    EXPECT_EQ(number(job, "resourcesUpdated"), oracle().resources_updated());
    EXPECT_TRUE(owed(seeded.target).empty());
  }
  std::string run(const Request& request) {
    oracle().expect(request);
    std::string job = enqueue(request);
    EXPECT_EQ(drain(), 0) << said();
    return job;
  }

  const Request swap{"Patient/p", {organization(5)}, true};
  sandbox::Seeded seeded;
};

TEST_F(KeptRemovals, AreLookedUpOnceAndOnlyAfterTheTargetWasWritten) {
  std::vector<std::string> read;
  bool target_was_written = false;
  server.before_read([&](sandbox::World& world, int, const std::string& reference) {
    read.push_back(reference);
    if (reference == seeded.second) target_was_written = world.find(seeded.target)->history.size() == 2;
  });
  expect_right(run(swap));
  server.with_world([&](sandbox::World&) {
    EXPECT_EQ(read, (std::vector{seeded.target, seeded.second}));
    EXPECT_TRUE(target_was_written);
  });
}

TEST_F(KeptRemovals, AreNotLookedUpWhereNothingIsRemovedThatAMemberHas) {
  expect_right(run({seeded.target, {organization(1), organization(2), organization(5)}, true}));
  EXPECT_EQ(server.counters().requests_of("read"), 1);
}

TEST_F(KeptRemovals, AreNoneForAPatientWhoWasDeleted) {
  server.with_world([&](sandbox::World& world) { world.erase(seeded.second); });
  look();
  expect_right(run(swap));
  EXPECT_EQ(server.counters().answers_of(410), 1);
}

TEST_F(KeptRemovals, AreNoneForAPatientWhoNeverWas) {
  server.with_world(
      [&](sandbox::World& world) { world.move_to_patient(seeded.shared.front(), seeded.second, "Patient/nobody"); });
  look();
  expect_right(run(swap));
  EXPECT_EQ(server.counters().answers_of(404), 1);
}

TEST_F(KeptRemovals, OfAPatientWhoMayNotBeReadFailTheirMembersAndNoOthers) {
  server.add_fault({.on = RequestKind::read, .reference = seeded.second, .status = 403});
  oracle().abandoned(swap, true);
  const std::string job = enqueue(swap);
  EXPECT_EQ(drain(), 1) << said();
  EXPECT_EQ(field(job, "state"), "failed");
  EXPECT_EQ(number(job, "resourcesTotal"), 61);
  EXPECT_EQ(number(job, "resourcesUpdated"), 61 - static_cast<long>(seeded.shared.size()));
  ASSERT_EQ(failures(job).size(), seeded.shared.size());
  for (const std::string& failure : failures(job)) {
    EXPECT_NE(failure.find(R"("status":403,"diagnostics":"GET )" + seeded.second + ": 403"), std::string::npos)
        << failure;
  }
  for (const std::string& shared : seeded.shared) EXPECT_EQ(server.counters().writes_of(shared), 0);
  EXPECT_EQ(wrong(), "");

  server.clear_faults();
  expect_right(run(swap));
}

TEST_F(KeptRemovals, AreLookedUpAnewInEachAttempt) {
  int reads_of_second = 0;
  bool lost = false;
  server.before_read([&](sandbox::World& world, int n, const std::string& reference) {
    if (reference == seeded.second) ++reads_of_second;
    if (n == 1 || reference != seeded.target || lost) return;
    lost = true;  // between the attempts
    world.edit(seeded.second, [](sandbox::Json& patient) {
      patient["meta"].RemoveMember("accounts");
      patient["meta"].RemoveMember("account");
    });
    oracle().note_external(world, seeded.second);
    oracle().expect(swap);
  });
  oracle().abandoned(swap, true);
  server.add_fault({.kind = FaultKind::next_loop, .on = RequestKind::page, .nth = 2});  // the first verifying pass
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  ASSERT_TRUE(lost);
  EXPECT_EQ(number(job, "attempt"), 2);
  expect_right(job);
  EXPECT_EQ(reads_of_second, 2);
}

TEST_F(KeptRemovals, AreLookedUpInADryRunToo) {
  const std::string dry =
      enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true", "dryRun", "true"});
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(server.counters().requests_of("read"), 2);
  const std::string job = run(swap);
  expect_right(job);
  EXPECT_EQ(number(dry, "resourcesToWrite"), number(job, "resourcesWritten"));
}

TEST_F(KeptRemovals, AreKnownFromTheElementsWhereTheServerShowsNoCompartments) {
  change_server([](sandbox::ServerOptions& options) { options.compartment_in_meta = false; });
  expect_right(run(swap));
}

TEST_F(KeptRemovals, OfTwoPatientsWhoLoseTheSameAccountSideBySideAreNone) {
  change_server([](sandbox::ServerOptions& options) { options.latency = std::chrono::milliseconds(3); });
  const Request other{seeded.second, {organization(6)}, true};
  oracle().expect_side_by_side(swap, other);
  const std::string one = enqueue(swap);
  const std::string beside = enqueue(other);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_LT(number(beside, "startedAt"), number(one, "finishedAt"));
  EXPECT_LT(number(one, "startedAt"), number(beside, "finishedAt"));
  for (const std::string& shared : seeded.shared) EXPECT_EQ(accounts_of(shared).size(), 2u) << shared;
}

}  // namespace
