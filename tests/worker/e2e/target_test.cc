#include "tests/worker/e2e/end_to_end.h"

namespace {

using sandbox::FaultKind;
using sandbox::Request;
using sandbox::RequestKind;
using test::EndToEnd;
using test::organization;

/// What can become of the target itself while its job runs.
class Target : public EndToEnd {
 protected:
  void SetUp() override {
    seeded = seed({.members = 30});
    look();
  }
  void fails_saying(const std::string& job, const std::string& sentence) {
    EXPECT_EQ(drain(), 1) << said();
    EXPECT_EQ(field(job, "state"), "failed");
    EXPECT_EQ(number(job, "attempt"), 1);
    EXPECT_NE(field(job, "error").find(sentence), std::string::npos) << field(job, "error");
  }

  const Request swap{"Patient/p", {organization(5)}, true};
  sandbox::Seeded seeded;
};

TEST_F(Target, FailsItsJobAtOnceWhenItIsDeletedBeforeItIsWritten) {
  server.before_patch([](sandbox::World& world, int, const std::string& reference) { world.erase(reference); });
  fails_saying(enqueue(swap), "the target is gone: PATCH Patient/p: 410");
  EXPECT_EQ(server.counters().total_writes(), 0);
  EXPECT_EQ(owed(seeded.target).size(), 2u) << "its members have them still";
}

TEST_F(Target, FailsItsJobAtOnceWhenItIsDeletedBeforeItsCompartmentIsRead) {
  server.before_page([](sandbox::World& world, int, const std::string& reference) { world.erase(reference); });
  fails_saying(enqueue(swap), "GET Patient/p/$everything: 410");
  EXPECT_EQ(server.counters().total_writes(), 1);
  EXPECT_EQ(owed(seeded.target).size(), 2u);
}

TEST_F(Target, CanBeCreatedAndItsFailedJobRetried) {
  const Request early{"Patient/later", {organization(5)}, true};
  const std::string job = enqueue(early);
  fails_saying(job, "GET Patient/later: 404");
  server.with_world([](sandbox::World& world) { world.put(R"({"resourceType":"Patient","id":"later"})"); });
  look();
  oracle().expect(early);
  retry(job);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "resourcesUpdated"), 1);
}

TEST_F(Target, EndsTheAttemptWhenSomebodyKeepsWritingIt) {
  int touched = 0;
  server.before_patch([&](sandbox::World& world, int, const std::string& reference) {
    if (reference != seeded.target || touched == 7) return;
    ++touched;
    world.touch(reference);
    oracle().note_external(world, reference);
    if (touched == 7) oracle().expect(swap);
  });
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(number(job, "attempt"), 2) << "five conflicts end an attempt";
  EXPECT_EQ(wrong(), "");
}

TEST_F(Target, FailsItsJobAtOnceWhenTheServerIgnoresTheWriteWhateverAProxyDoesToTheETag) {
  for (const bool etag : {true, false}) {
    change_server([&](sandbox::ServerOptions& options) { options.etag = etag; });
    server.add_fault({.kind = FaultKind::ignore_write, .on = RequestKind::patch, .reference = seeded.target});
    fails_saying(enqueue(swap), "the target cannot be written: PATCH Patient/p: the server answered 200 and ignored");
  }
  EXPECT_EQ(wrong(), "");
}

TEST_F(Target, FailsItsJobAtOnceWhateverOfItIsRefused) {
  for (const RequestKind kind : {RequestKind::read, RequestKind::patch, RequestKind::page}) {
    for (const unsigned status : {400u, 403u}) {
      server.add_fault({.on = kind, .reference = seeded.target, .status = status});
      fails_saying(enqueue(swap), "Patient/p" + std::string(kind == RequestKind::page ? "/$everything: " : ": ") +
                                      std::to_string(status));
      server.clear_faults();
    }
  }
  EXPECT_EQ(server.counters().total_writes(), 1) << "the target, before its compartment was refused";
}

TEST_F(Target, IsWrittenAndCarriedOnBehindAProxyThatDropsTheETag) {
  change_server([](sandbox::ServerOptions& options) { options.etag = false; });
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "resourcesWritten"), server.counters().total_writes());
}

TEST_F(Target, IsWrittenWithOurOwnRightsWhoeverTheJobIsFor) {
  oracle().expect(swap);
  const std::string job = enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true",
                                   "onBehalfOf", "ProjectMembership/m", "requestedBy", "Practitioner/x"});
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "") << "the sandbox ignores account writes on behalf of another";
  EXPECT_EQ(field(job, "onBehalfOf"), "ProjectMembership/m");
  EXPECT_NE(said().find("ProjectMembership/m"), std::string::npos) << said();
}

}  // namespace
