#include <gtest/gtest.h>

#include "sandbox/served_patient.h"

using namespace sandbox;

namespace {

constexpr const char* observed = "Observation/p-m-0";
const std::string add_a = R"([{"op":"add","path":"/meta/accounts","value":[{"reference":"Organization/a"}]}])";

TEST(Patching, HidesWhatOnlyExtendedModeShows) {
  ServedPatient served;
  const Json plain = served.get("Patient/p", {}).json();
  const Json nearly = served.get("Patient/p", {{"X-Medplum", "Extended"}}).json();
  const Json whole = served.get("Patient/p").json();
  for (const char* name : {"author", "project", "account", "accounts", "compartment"}) {
    EXPECT_FALSE(member(plain["meta"], name)) << name;
    EXPECT_FALSE(member(nearly["meta"], name)) << name;
    EXPECT_TRUE(member(whole["meta"], name)) << name;
  }
  EXPECT_TRUE(member(plain["meta"], "versionId"));
}

TEST(Patching, SetsAccountsAndMakesTheFirstTheOldSingleAccount) {
  ServedPatient served;
  const Reply before = served.get(observed);
  const Reply after = served.patch(observed, set_accounts_patch({account(3), account(4)}));
  EXPECT_EQ(after.status, 200U);
  EXPECT_NE(after.version(), before.version());
  EXPECT_EQ(after.header("ETag"), "W/\"" + std::string(text_member(after.json()["meta"], "versionId")) + "\"");
  EXPECT_EQ(served.accounts(observed), account(3) + " " + account(4));
  EXPECT_EQ(text_member(served.get(observed).json()["meta"]["account"], "reference"), account(3));
}

TEST(Patching, PutsAnAccountThatWasLeftBehindBackInFront) {
  ServedPatient served;
  served.patch(observed, set_accounts_patch({account(1), account(3)}));
  served.patch(observed, R"([{"op":"add","path":"/meta/accounts","value":)" + accounts_json({account(3)}) + "}]");
  EXPECT_EQ(served.accounts(observed), account(1) + " " + account(3));
}

TEST(Patching, ClearsAccountsOnlyWhenBothAreRemoved) {
  ServedPatient served;
  served.patch(observed, set_accounts_patch({account(1), account(2)}));
  EXPECT_EQ(served.patch(observed, R"([{"op":"add","path":"/meta/accounts","value":[]}])").status, 200U);
  EXPECT_EQ(served.accounts(observed), account(1));
  EXPECT_EQ(served.patch(observed, set_accounts_patch({})).status, 200U);
  const Json resource = served.get(observed).json();
  EXPECT_FALSE(member(resource["meta"], "accounts"));
  EXPECT_FALSE(member(resource["meta"], "account"));
}

TEST(Patching, RecomputesTheCompartmentFromProjectUuidAccountsAndPatients) {
  ServedPatient served;
  served.patch(observed, set_accounts_patch({"Organization/readable", account(3)}));
  served.patch(observed, R"([{"op":"add","path":"/meta/compartment","value":[{"reference":"Patient/x"}]}])");
  const Json resource = served.get(observed).json();
  std::string compartment;
  for (const JsonValue& each : resource["meta"]["compartment"].GetArray()) {
    compartment += std::string(text_member(each, "reference")) + " ";
  }
  EXPECT_EQ(compartment, "Project/5b0c5c3e-2f0e-4a6e-9d2c-6f6a3c1d0e01 " + account(3) + " Patient/p ");
}

TEST(Patching, IgnoresAccountsWithoutExtendedModeAndDerivesThemFromThePatient) {
  ServedPatient served;
  const Reply answer = served.patch(observed, set_accounts_patch({account(3)}), {});
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(served.accounts(observed), account(1) + " " + account(2));
}

TEST(Patching, IgnoresAccountsOfAClientThatIsNoAdmin) {
  ServerOptions options;
  options.admin = false;
  ServedPatient served(options);
  served.patch(observed, set_accounts_patch({account(3)}));
  EXPECT_EQ(served.accounts(observed), account(1) + " " + account(2));
  const Reply patient = served.patch("Patient/p", set_accounts_patch({account(3)}));
  EXPECT_EQ(patient.status, 200U);
  EXPECT_EQ(served.accounts("Patient/p"), account(1) + " " + account(2));
}

TEST(Patching, AnswersANoOpWithTheOldVersion) {
  ServedPatient served;
  const Reply first = served.patch(observed, set_accounts_patch({account(3), account(4)}));
  const Reply again = served.patch(observed, set_accounts_patch({account(3), account(4)}));
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.version(), first.version());
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(served.server.counters().wasted_writes, 1);
  const Reply empty = served.patch(observed, R"([{"op":"add","path":"/note","value":[]}])");
  EXPECT_EQ(empty.version(), first.version()) << "what is empty is absent";
}

TEST(Patching, TakesAnotherOrderForARealChange) {
  ServedPatient served;
  const Reply first = served.patch(observed, set_accounts_patch({account(3), account(4), account(5)}));
  const Reply other = served.patch(observed, set_accounts_patch({account(3), account(5), account(4)}));
  EXPECT_NE(other.version(), first.version());
  EXPECT_EQ(served.accounts(observed), account(3) + " " + account(5) + " " + account(4));
  EXPECT_EQ(served.server.counters().writes_of(observed), 2);
}

TEST(Patching, RefusesAPatchWhoseTestFailsWithoutStoringAnything) {
  ServedPatient served;
  const std::string version = served.get(observed).version();
  const Reply answer = served.patch(observed, R"([{"op":"add","path":"/language","value":"de"},
      {"op":"test","path":"/meta/versionId","value":"stale"},{"op":"replace","path":"/nothing","value":1}])");
  EXPECT_EQ(answer.status, 400U);
  EXPECT_EQ(answer.text(), "Test failed: " + version + " != stale\nValue required at path: /nothing");
  EXPECT_EQ(text_member(answer.json()["issue"][0], "code"), "invalid");
  EXPECT_EQ(served.get(observed).version(), version);
}

TEST(Patching, HonoursIfMatchAfterTheTests) {
  ServedPatient served;
  const std::string version = served.get(observed).version();
  const auto with = [&](const std::string& if_match) {
    return served.patch(observed, set_accounts_patch({account(3)}),
                        {{"X-Medplum", "extended"}, {"If-Match", if_match}});
  };
  const Reply stale = with("W/\"stale\"");
  EXPECT_EQ(stale.status, 412U);
  EXPECT_EQ(text_member(stale.json(), "id"), "precondition-failed");
  EXPECT_EQ(stale.text(), "Precondition Failed");
  EXPECT_EQ(with("W/\"" + version + "\"").status, 200U);
  EXPECT_EQ(with("\"stale\"").status, 412U);
  EXPECT_EQ(with("stale").status, 200U) << "unquoted is no condition";
  const Reply both = served.patch(observed, R"([{"op":"test","path":"/meta/versionId","value":"stale"}])",
                                  {{"If-Match", "W/\"stale\""}});
  EXPECT_EQ(both.status, 400U) << "the test comes first";
}

TEST(Patching, IgnoresIfMatchLikeOlderReleases) {
  ServerOptions options;
  options.if_match = false;
  ServedPatient served(options);
  const Headers stale = {{"X-Medplum", "extended"}, {"If-Match", "W/\"stale\""}};
  EXPECT_EQ(served.patch(observed, set_accounts_patch({account(3)}), stale).status, 200U);
  EXPECT_EQ(served.accounts(observed), account(3));
}

TEST(Patching, RefusesWhatAServerWouldNotValidate) {
  ServedPatient served;
  const auto text = [&](const std::string& operations) {
    const Reply reply = served.patch(observed, operations);
    EXPECT_EQ(reply.status, 400U) << operations;
    return reply.text();
  };
  EXPECT_EQ(text(R"([{"op":"add","path":"/meta/accounts","value":null}])"), "Invalid null value");
  EXPECT_EQ(text(R"([{"op":"add","path":"/meta/accounts","value":[{"reference":null}]}])"), "Invalid null value");
  EXPECT_EQ(text(R"([{"op":"remove","path":"/meta/nothing"}])"), "Value required at path: /meta/nothing");
  EXPECT_EQ(text(R"([{"op":"add","path":"/meta/accounts","value":"Organization/a"}])"),
            "Expected array for property (Observation.meta.accounts)");
  EXPECT_EQ(text(R"([{"op":"add","path":"/meta/accounts","value":["Organization/a"]}])"),
            "Invalid Reference (Observation.meta.accounts)");
  EXPECT_EQ(text(R"([{"op":"add","path":"/meta/account","value":{"ref":"Organization/a"}}])"),
            "Invalid Reference (Observation.meta.account)");
  EXPECT_EQ(text(R"({"op":"add"})"), "Invalid patch body");
  EXPECT_EQ(text("[{"), "Content could not be parsed");
  EXPECT_EQ(text(R"([{"op":"replace","path":"/id","value":"other"}])"), "Incorrect ID");
}

TEST(Patching, WantsAJsonContentTypeAndABodyUnderAMegabyte) {
  ServedPatient served;
  const auto status = [&](const std::string& type, const std::string& body) {
    return served.patch(observed, body, {{"X-Medplum", "extended"}, {"Content-Type", type}}).status;
  };
  EXPECT_EQ(status("application/json", add_a), 200U);
  EXPECT_EQ(status("application/fhir+json; charset=utf-8", add_a), 200U);
  EXPECT_EQ(status("text/plain", add_a), 400U);
  EXPECT_EQ(status("application/json", std::string(1'100'000, ' ')), 413U);
}

TEST(Patching, TellsUnknownFromDeletedAndMalformed) {
  ServerOptions options;
  options.world.uuid_ids = true;
  ServedPatient served(options);
  served.server.with_world([](World& world) { world.erase("Observation/p-m-0"); });
  EXPECT_EQ(served.patch("Observation/p-m-0", add_a).status, 404U) << "no UUID";
  served.server.change_options([](ServerOptions& now) { now.world.uuid_ids = false; });
  EXPECT_EQ(served.patch("Observation/p-m-0", add_a).status, 410U);
  EXPECT_EQ(text_member(served.get("Observation/p-m-0").json(), "id"), "gone");
  EXPECT_EQ(served.get("Observation/never").status, 404U);
  EXPECT_EQ(served.get("Observation/../Patient").status, 404U);
}

TEST(Patching, LeavesTheBodyOutForMinimal) {
  ServedPatient served;
  const Headers minimal = {{"X-Medplum", "extended"}, {"Prefer", "return=minimal"}};
  const Reply changed = served.patch(observed, set_accounts_patch({account(3)}), minimal);
  EXPECT_EQ(changed.status, 200U);
  EXPECT_TRUE(changed.body.empty());
  EXPECT_EQ(changed.version(), served.get(observed).version());
  EXPECT_TRUE(served.patch(observed, R"([{"op":"remove","path":"/no"}])", minimal).body.empty());
}

TEST(Patching, OffersNoOtherWayToWrite) {
  ServedPatient served;
  for (const char* method : {"PUT", "POST", "DELETE"}) {
    EXPECT_EQ(served.client.send(method, "/fhir/R4/Observation/p-m-0", extended, "{}").status, 404U) << method;
  }
}

TEST(Patching, OnBehalfOfSomebodyElseIgnoresAccountsSinceHisRightsCountThen) {
  ServedPatient served;
  const Reply reply = served.patch(served.seeded.target, set_accounts_patch({account(3)}),
                                   {{"X-Medplum", "extended"}, {"X-Medplum-On-Behalf-Of", "ProjectMembership/1"}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(served.accounts(served.seeded.target), account(1) + " " + account(2));
}

TEST(Patching, CanBeSeenThroughAProxyThatDropsTheETag) {
  ServerOptions options;
  options.etag = false;
  ServedPatient served(options);
  EXPECT_EQ(served.patch(served.seeded.target, set_accounts_patch({account(3)})).header("etag"), "");
}

}  // namespace
