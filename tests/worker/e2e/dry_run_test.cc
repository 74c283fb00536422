#include "tests/worker/e2e/end_to_end.h"

namespace {

using sandbox::Request;
using test::EndToEnd;
using test::Fields;
using test::organization;

class DryRun : public EndToEnd {
 protected:
  std::string rehearse(const Request& request) {
    Fields fields{"target", request.target, "dryRun", "true", "propagate", request.propagate ? "true" : "false"};
    for (const std::string& account : request.accounts) fields.insert(fields.end(), {"accounts", account});
    if (request.accounts.empty()) fields.insert(fields.end(), {"accounts", ""});
    std::string job = enqueue(fields);
    EXPECT_EQ(drain(), 0) << said();
    EXPECT_EQ(field(job, "state"), "completed") << field(job, "error");
    EXPECT_EQ(server.counters().requests_of("patch"), 0);
    EXPECT_EQ(wrong(), "");
    EXPECT_TRUE(owed(request.target).empty());
    return job;
  }
  void expect_same_of_the_real_job(const std::string& dry, const Request& request) {
    oracle().expect(request);
    const std::string job = enqueue(request);
    ASSERT_EQ(drain(), 0) << said();
    EXPECT_EQ(wrong(), "");
    EXPECT_EQ(number(dry, "resourcesToWrite"), number(job, "resourcesWritten"));
    for (const char* same : {"resourcesUnchanged", "resourcesTotal", "removals", "accounts"})
      EXPECT_EQ(field(dry, same), field(job, same)) << same;
    EXPECT_EQ(field(dry, "resourcesWritten"), "") << "it has resourcesToWrite instead";
  }
};

TEST_F(DryRun, SaysExactlyWhatTheRealJobThenDoes) {
  const auto seeded = seed({.members = 90, .already = {organization(5)}, .shared_every = 4});
  look();
  for (const Request& request : {Request{seeded.target, {organization(5)}, true}, Request{seeded.target, {}, true},
                                 Request{seeded.target, {organization(6)}, false}}) {
    server.reset_counters();
    const std::string dry = rehearse(request);
    expect_same_of_the_real_job(dry, request);
  }
}

TEST_F(DryRun, ListsItsNumberInTheOutput) {
  const auto seeded = seed({.members = 10});
  look();
  const std::string dry = rehearse({seeded.target, {organization(5)}, true});
  EXPECT_NE(field(dry, "output").find(R"({"name":"resourcesToWrite","valueInteger":11})"), std::string::npos)
      << field(dry, "output");
  EXPECT_EQ(field(dry, "output").find("resourcesWritten"), std::string::npos) << field(dry, "output");
}

TEST_F(DryRun, ReadsEachPageOnce) {
  const auto seeded = seed({.members = 50});
  look();
  rehearse({seeded.target, {organization(5)}, true});
  EXPECT_EQ(server.counters().requests_of("page"), 1) << "nothing that it did could have moved anything";
}

}  // namespace
