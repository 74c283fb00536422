// One resource against a server that does not simply say yes.

#include "fhir/accounts_patcher.h"

#include "client_fixture.h"

namespace {

using namespace test;
using fhir::Outcome;

class AccountsPatcherTest : public ClientTest {
 protected:
  static std::string observation(const std::string& version, const std::string& patient = "Patient/p") {
    return R"({"resourceType":"Observation","id":"o","meta":{"versionId":")" + version +
           R"(","compartment":[{"reference":")" + patient + R"("}]},"subject":{"reference":")" + patient + "\"}}";
  }
  static fhir::Entry read(const std::string& resource) { return *fhir::parse_resource(resource, {"Patient", "p"}); }

  fhir::Patched bring_right(fhir::Entry member) {
    fhir::AccountsPatcher patcher(client(), stop, {{"Patient", "p"}, "", 1},
                                  {{fhir::account("Organization/a")}, {}, false});
    return run(io, patcher.bring_right(std::move(member)));
  }
  long patches() const {
    return std::ranges::count(fhir_requests(), "PATCH", [](const Received& request) { return request.method(); });
  }
};

TEST_F(AccountsPatcherTest, SendsNothingForAResourceWithoutMeta) {
  const auto patched =
      bring_right(read(R"({"resourceType":"Observation","id":"o","subject":{"reference":"Patient/p"}})"));
  EXPECT_EQ(patched.outcome, Outcome::failed);
  EXPECT_EQ(patched.diagnostics, "PATCH Observation/o: not sent, it has no versionId to guard the write by");
  EXPECT_TRUE(fhir_requests().empty());
}

TEST_F(AccountsPatcherTest, ReadsTheVersionInTheBodyWhereAProxyDroppedTheETag) {
  medplum.fhir.push_back(reply(200, observation("2")));
  EXPECT_EQ(bring_right(read(observation("1"))).outcome, Outcome::written);
  medplum.fhir.push_back(reply(200, observation("2")));
  const auto ignored = bring_right(read(observation("2")));
  EXPECT_EQ(ignored.outcome, Outcome::failed);
  EXPECT_NE(ignored.diagnostics.find("ignored the change"), std::string::npos) << ignored.diagnostics;
}

TEST_F(AccountsPatcherTest, KnowsTheVersionAlsoWhereAProxyMarkedTheETagAsPacked) {
  medplum.fhir.push_back(reply(200, observation("1"), {{"ETag", "W/\"1-gzip\""}}));
  EXPECT_EQ(bring_right(read(observation("1"))).outcome, Outcome::failed);
  medplum.fhir.push_back(reply(200, observation("2"), {{"ETag", "W/\"2-gzip\""}}));
  EXPECT_EQ(bring_right(read(observation("1"))).outcome, Outcome::written);
}

TEST_F(AccountsPatcherTest, DoesNotBelieveA200ThatKnowsOfNoVersion) {
  medplum.fhir.push_back(reply(200, "<html>We will be right back</html>"));
  medplum.fhir.push_back(reply(200, R"({"resourceType":"Observation","id":"other","meta":{"versionId":"9"}})"));
  EXPECT_EQ(bring_right(read(observation("1"))).outcome, Outcome::written);
  EXPECT_EQ(patches(), 3);
}

TEST_F(AccountsPatcherTest, LeavesAloneWhatConflictShowsToBeAnotherPatientsNow) {
  medplum.fhir.push_back(reply(412));
  medplum.fhir.push_back(reply(200, observation("2", "Patient/q")));
  EXPECT_EQ(bring_right(read(observation("1"))).outcome, Outcome::not_a_member);
  EXPECT_EQ(patches(), 1);
}

TEST_F(AccountsPatcherTest, FindsOutAtAConflictThatItIsGone) {
  medplum.fhir.push_back(reply(412));
  medplum.fhir.push_back(reply(410, R"({"resourceType":"OperationOutcome","id":"gone"})"));
  EXPECT_EQ(bring_right(read(observation("1"))).outcome, Outcome::gone);
}

TEST_F(AccountsPatcherTest, GivesUpWhenSomebodyKeepsWritingIt) {
  for (int i = 0; i < 5; ++i) {
    medplum.fhir.push_back(reply(412));
    medplum.fhir.push_back(reply(200, observation("v" + std::to_string(i))));
  }
  const auto patched = bring_right(read(observation("1")));
  EXPECT_EQ(patched.outcome, Outcome::failed);
  EXPECT_EQ(patched.diagnostics, "PATCH Observation/o: 412 five times, someone keeps writing it");
  EXPECT_EQ(patches(), 5);
}

TEST_F(AccountsPatcherTest, FailsWhatCannotBeReadAgain) {
  medplum.fhir.push_back(reply(412));
  medplum.fhir.push_back(reply(403, ""));
  const auto patched = bring_right(read(observation("1")));
  EXPECT_EQ(patched.outcome, Outcome::failed);
  EXPECT_EQ(patched.status, 403U);
}

TEST_F(AccountsPatcherTest, RetriesAReadThatBringsAnotherResource) {
  medplum.fhir.push_back(reply(412));
  medplum.fhir.push_back(reply(200, R"({"resourceType":"Observation","id":"other","meta":{"versionId":"9"}})"));
  medplum.fhir.push_back(reply(200, observation("2")));
  medplum.fhir.push_back(reply(200, observation("3"), {{"ETag", "W/\"3\""}}));
  EXPECT_EQ(bring_right(read(observation("1"))).outcome, Outcome::written);
  EXPECT_EQ(fhir_requests().back().header("If-Match"), "W/\"2\"");
}

}  // namespace
