#include "tests/worker/e2e/end_to_end.h"

namespace {

using sandbox::Request;
using test::EndToEnd;
using test::organization;

class Propagation : public EndToEnd {};

TEST_F(Propagation, BringsACompartmentOfFiveThousandRightWithinItsBounds) {
  sandbox::Seeding seeding;
  seeding.members = 5000;
  seeding.already = {organization(1), organization(5)};
  const auto seeded = seed(seeding);
  look();
  change_server([](sandbox::ServerOptions& options) { options.latency = std::chrono::milliseconds(2); });
  const Request request{seeded.target, {organization(1), organization(5)}, true};
  oracle().expect(request);

  const auto worker = this->worker({"--concurrency", "16"});
  const std::string job = enqueue(request);
  ASSERT_TRUE(until([&] { return number(job, "resourcesUpdated") > 500 && field(job, "phase") == "sweep"; }))
      << worker->err();
  const long seen_on_the_way = number(job, "resourcesUpdated");
  ASSERT_TRUE(until_state(job, "completed")) << field(job, "error") << worker->err();

  EXPECT_EQ(wrong(), "");
  EXPECT_LT(seen_on_the_way, 5001);
  EXPECT_EQ(number(job, "resourcesUpdated"), oracle().resources_updated());
  EXPECT_EQ(number(job, "resourcesTotal"), oracle().resources_updated());
  const sandbox::Counters counters = server.counters();
  EXPECT_EQ(counters.wasted_writes, 0);
  EXPECT_EQ(number(job, "resourcesWritten"), counters.total_writes());
  EXPECT_LE(counters.most_patches_in_flight, 16);
  EXPECT_GT(counters.most_patches_in_flight, 8);
  EXPECT_EQ(field(job, "accounts"), R"([")" + organization(1) + R"(",")" + organization(5) + R"("])");
  EXPECT_EQ(field(job, "removals"), R"([")" + organization(2) + R"("])");
  EXPECT_TRUE(
      field(job, "output")
          .starts_with(R"({"resourceType":"Parameters","parameter":[{"name":"resourcesUpdated","valueInteger":)"))
      << field(job, "output");
  EXPECT_TRUE(owed(seeded.target).empty());
}

TEST_F(Propagation, WritesNothingForASecondIdenticalJob) {
  const auto seeded = seed({.members = 120});
  look();
  const Request request{seeded.target, {organization(5)}, true};
  oracle().expect(request);
  const std::string first = enqueue(request);
  ASSERT_EQ(drain(), 0) << said();
  server.reset_counters();
  const std::string second = enqueue(request);
  ASSERT_EQ(drain(), 0) << said();

  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(server.counters().requests_of("patch"), 0);
  EXPECT_EQ(number(second, "resourcesWritten"), 0);
  EXPECT_EQ(number(second, "resourcesUpdated"), number(first, "resourcesUpdated"));
  EXPECT_EQ(number(second, "resourcesUnchanged"), number(first, "resourcesUpdated"));
}

TEST_F(Propagation, RemovesAllAccountsOfTheTargetFromItsCompartmentForAnEmptyList) {
  const auto seeded = seed({.members = 80});
  look();
  const Request request{seeded.target, {}, true};
  oracle().expect(request);
  const std::string job = enqueue(request);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "resourcesUpdated"), oracle().resources_updated());
}

TEST_F(Propagation, RestoresResourcesThatLostTheirAccounts) {
  const auto seeded = seed({.members = 60});
  const Request request{seeded.target, {organization(5), organization(6)}, true};
  enqueue(request);
  ASSERT_EQ(drain(), 0) << said();
  server.with_world([&](sandbox::World& world) {
    for (std::size_t i = 0; i < seeded.members.size(); i += 3)
      world.edit(seeded.members[i], [](sandbox::Json& resource) {
        resource["meta"].RemoveMember("accounts");
        resource["meta"].RemoveMember("account");
      });
  });
  look();
  oracle().expect(request);
  const std::string job = enqueue(request);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "resourcesWritten"), 20);
}

TEST_F(Propagation, LeavesTheCompartmentAloneWithoutPropagate) {
  const auto seeded = seed({.members = 40});
  look();
  const Request request{seeded.target, {organization(5)}, false};
  oracle().expect(request);
  const std::string job = enqueue(request);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "resourcesUpdated"), 1);
  EXPECT_TRUE(owed(seeded.target).empty());
}

TEST_F(Propagation, SaysThatOtherTypesThanPatientHaveNoCompartment) {
  const auto seeded = seed({.members = 10});
  look();
  const Request request{seeded.members.front(), {organization(5)}, true};
  oracle().expect(request);
  const std::string job = enqueue(request);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "resourcesUpdated"), 1);
  EXPECT_NE(field(job, "output").find("only a Patient has a compartment"), std::string::npos) << field(job, "output");
}

TEST_F(Propagation, WritesNothingInADryRunAndSaysWhatItWould) {
  const auto seeded = seed({.members = 70});
  look();
  const std::string job =
      enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true", "dryRun", "true"});
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(server.counters().requests_of("patch"), 0);
  EXPECT_EQ(number(job, "resourcesTotal"), 71);
  EXPECT_EQ(number(job, "resourcesToWrite") + number(job, "resourcesUnchanged"), 71);
  EXPECT_TRUE(owed(seeded.target).empty());
}

TEST_F(Propagation, RunsJobsForOneTargetInTheirOrder) {
  const auto seeded = seed({.members = 50});
  look();
  std::vector<std::string> jobs;
  for (unsigned n = 1; n <= 6; ++n) {
    const Request request{seeded.target, {organization(n)}, true};
    oracle().expect(request);
    jobs.push_back(enqueue(request));
  }
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  for (std::size_t i = 1; i < jobs.size(); ++i)
    EXPECT_LE(number(jobs[i - 1], "finishedAt"), number(jobs[i], "startedAt"));
}

TEST_F(Propagation, RunsJobsForTwoTargetsSideBySide) {
  const auto first = seed({.patient = "a", .members = 300, .seed = 1});
  const auto second = seed({.patient = "b", .members = 300, .seed = 2});
  look();
  change_server([](sandbox::ServerOptions& options) { options.latency = std::chrono::milliseconds(5); });
  const Request one{first.target, {organization(5)}, true};
  const Request other{second.target, {organization(6)}, true};
  oracle().expect(one);
  oracle().expect(other);
  const std::string job = enqueue(one);
  const std::string beside = enqueue(other);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_LT(number(beside, "startedAt"), number(job, "finishedAt"));
  EXPECT_LT(number(job, "startedAt"), number(beside, "finishedAt"));
}

TEST_F(Propagation, FailsAJobWhoseFieldsAreWrongAndNamesTheField) {
  const std::string job = enqueue({"target", "Patient/p", "accounts", "Organization/a?b", "propagate", "true"});
  EXPECT_EQ(drain(), 1) << said();
  EXPECT_EQ(field(job, "state"), "failed");
  EXPECT_EQ(field(job, "error"), "accounts: 'Organization/a?b' is not a reference like Organization/123");
}

TEST_F(Propagation, FailsAtOnceWhenTheTargetIsNotThere) {
  const std::string job = enqueue({"target", "Patient/nobody", "accounts", organization(1), "propagate", "true"});
  EXPECT_EQ(drain(), 1) << said();
  EXPECT_EQ(field(job, "state"), "failed");
  EXPECT_EQ(number(job, "attempt"), 1);
  EXPECT_NE(field(job, "error").find("404"), std::string::npos) << field(job, "error");
}

}  // namespace
