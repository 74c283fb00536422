#include <algorithm>

#include "tests/worker/e2e/end_to_end.h"

namespace {

using sandbox::Request;
using sandbox::RequestKind;
using test::EndToEnd;
using test::organization;

std::string reference(const std::string& to) {
  return R"({"reference":")" + to + "\"}";
}

/// The accounts themselves: as they were asked for, and as they are there.
class AccountReferences : public EndToEnd {
 protected:
  std::string enqueue_parameters(const std::vector<std::string>& accounts) {
    std::string parameters = R"({"resourceType":"Parameters","parameter":[{"name":"propagate","valueBoolean":true})";
    for (const std::string& account : accounts)
      parameters += R"(,{"name":"accounts","valueReference":)" + account + "}";
    return enqueue({"target", "Patient/p", "parameters", parameters + "]}"});
  }
};

TEST_F(AccountReferences, KeepEveryMemberTheyCameWithOnTheTargetAndOnWhatLacksThem) {
  const auto seeded = seed({.members = 12, .shared_every = 0});
  look();
  const std::string rich =
      R"({"id":"r1","extension":[{"url":"urn:weight","valueDecimal":1.5}],"reference":"Practitioner/x",)"
      R"("type":"Practitioner","identifier":{"system":"urn:x","value":"\"7\""},"display":"Dr. Ä \\ 你好"})";
  const std::string job = enqueue_parameters({rich, reference(organization(1)), rich});
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(accounts_of(seeded.target), (std::vector{rich, reference(organization(1))}));
  for (const std::string& member : seeded.members) {
    const auto accounts = accounts_of(member);
    EXPECT_EQ(std::ranges::count(accounts, rich), 1) << member;
  }
  EXPECT_EQ(field(job, "accounts"), R"(["Practitioner/x",")" + organization(1) + "\"]");

  enqueue({"target", seeded.target, "accounts", "Practitioner/x", "propagate", "true"});
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(accounts_of(seeded.target), std::vector{rich}) << "what is there already keeps its members";
}

TEST_F(AccountReferences, OfAJobWithParametersAreTheSameInItsNextAttempt) {
  seed({.members = 12, .shared_every = 0});
  look();
  server.add_fault({.kind = sandbox::FaultKind::next_loop, .on = RequestKind::page, .nth = 2});
  const std::string rich = R"({"reference":"Practitioner/x","display":"X"})";
  const std::string job = enqueue_parameters({rich});
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(field(job, "state"), "completed") << field(job, "error");
  EXPECT_EQ(number(job, "attempt"), 2);
  EXPECT_EQ(accounts_of("Patient/p"), std::vector{rich});
}

TEST_F(AccountReferences, WithoutAReferenceAreNobodysToRemove) {
  const auto seeded = seed({.members = 10, .shared_every = 0});
  const std::string nameless = R"({"identifier":{"value":"tenant 7"}})";
  server.with_world([&](sandbox::World& world) {
    world.edit(seeded.members[2], [&](sandbox::Json& resource) {
      sandbox::JsonAllocator& allocator = resource.GetAllocator();
      sandbox::JsonValue list(rapidjson::kArrayType);
      list.PushBack(sandbox::JsonValue(sandbox::parsed(reference(organization(1))), allocator), allocator);
      list.PushBack(sandbox::JsonValue(sandbox::parsed(nameless), allocator), allocator);
      sandbox::remove_member(resource["meta"], "account");
      sandbox::set_member(resource["meta"], "accounts", std::move(list), allocator);
    });
  });
  look();
  const Request remove_all{seeded.target, {}, true};
  oracle().expect(remove_all);
  enqueue(remove_all);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(accounts_of(seeded.members[2]), std::vector{nameless});
}

TEST_F(AccountReferences, MayBeAThousandOnEachResource) {
  std::vector<std::string> before;
  Request half_of_them_others{"Patient/p", {}, true};
  for (unsigned n = 0; n < 1000; ++n) {
    before.push_back(organization(1000 + n));
    half_of_them_others.accounts.push_back(organization(1500 + n));
  }
  const auto seeded = seed({.members = 30, .old_accounts = before});
  look();
  oracle().expect(half_of_them_others);
  const std::string job = enqueue(half_of_them_others);
  ASSERT_EQ(drain(), 0) << said();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(number(job, "resourcesWritten"), 31);
  EXPECT_EQ(accounts_of(seeded.target).size(), 1000u);
  EXPECT_TRUE(owed(seeded.target).empty());
}

TEST_F(AccountReferences, ThatCannotBeSetAreListedUpToAThousandAndCountedBeyond) {
  const auto seeded = seed({.members = 1010, .shared_every = 0});
  server.with_world([&](sandbox::World& world) {
    for (const std::string& member : seeded.members)
      world.edit(member, [](sandbox::Json& resource) {
        resource["meta"].RemoveMember("accounts");
        resource["meta"].RemoveMember("account");
      });
  });
  look();
  server.add_fault({.on = RequestKind::patch, .status = 422, .body = sandbox::FaultBody::outcome});
  const std::string job =
      enqueue({"target", seeded.target, "accounts", organization(1) + "," + organization(2), "propagate", "true"});
  EXPECT_EQ(drain(), 1) << said();
  EXPECT_EQ(field(job, "state"), "failed");
  EXPECT_EQ(number(job, "resourcesFailed"), 1010);
  EXPECT_EQ(number(job, "resourcesUpdated"), 1);
  EXPECT_TRUE(field(job, "error").starts_with("1010 of 1011 resources could not be updated; see the failure list"))
      << field(job, "error");
  const auto list = failures(job);
  ASSERT_EQ(list.size(), 1000u);
  for (const std::string& failure : list) {
    const sandbox::Json entry = sandbox::parsed(failure);
    const std::string failed(sandbox::text_member(entry, "reference"));
    EXPECT_EQ(entry.MemberCount(), 3u);
    EXPECT_EQ(entry["status"].GetUint(), 422u);
    EXPECT_TRUE(sandbox::text_member(entry, "diagnostics").starts_with("PATCH " + failed + ": 422 ")) << failure;
  }
  EXPECT_EQ(server.counters().requests_of("patch"), 1010) << "what was refused is not asked again";
  EXPECT_EQ(wrong(), "");
}

}  // namespace
