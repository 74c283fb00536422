#include "sandbox/oracle.h"

#include <algorithm>
#include <memory>

#include <gtest/gtest.h>

#include "sandbox/seeding.h"

using namespace sandbox;

namespace {

/// A seeded world, and a careless daemon that writes what the oracle must find wrong.
struct Watched : testing::Test {
  Watched() {
    Seeding seeding;
    seeding.members = 60;
    seeded = seed_compartment(world, seeding);
    oracle = std::make_unique<Oracle>(world);
  }

  std::vector<std::string> accounts(const std::string& reference) const {
    std::vector<std::string> references;
    for (const AccountEntry& entry : entries_of(parsed(world.find(reference)->text()))) {
      references.push_back(entry.reference);
    }
    return references;
  }

  void set(const std::string& reference, const std::vector<std::string>& wanted) {
    world.edit(reference, [&](Json& resource) {
      JsonAllocator& allocator = resource.GetAllocator();
      JsonValue& meta = *member(resource, "meta");
      Json before;
      before.CopyFrom(meta, before.GetAllocator());
      remove_member(meta, "account");
      remove_member(meta, "accounts");
      JsonValue list(rapidjson::kArrayType);
      for (const std::string& each : wanted) list.PushBack(entry(before, each, allocator), allocator);
      set_member(meta, "accounts", std::move(list), allocator);
    });
  }

  /// As the resource had it, with its display, or new.
  static JsonValue entry(const JsonValue& meta, const std::string& reference, JsonAllocator& allocator) {
    if (const JsonValue* accounts = member(meta, "accounts")) {
      for (const JsonValue& each : accounts->GetArray()) {
        if (text_member(each, "reference") == reference) return {each, allocator};
      }
    }
    JsonValue fresh(rapidjson::kObjectType);
    set_member(fresh, "reference", text_value(reference, allocator), allocator);
    return fresh;
  }

  /// What a daemon does, in the plainest words: `removed` leaves all members but those that the second patient keeps it
  /// on.
  void propagate(const std::vector<std::string>& requested, std::vector<std::string> removed) {
    set(seeded.target, requested);
    for (const std::string& each : seeded.members) propagate_to(each, requested, removed);
  }

  void propagate_to(const std::string& member, const std::vector<std::string>& requested,
                    const std::vector<std::string>& removed) {
    const bool shared = std::ranges::find(seeded.shared, member) != seeded.shared.end();
    std::vector<std::string> wanted;
    for (const std::string& each : accounts(member)) {
      const bool kept = shared && std::ranges::count(accounts(seeded.second), each) > 0;
      if (kept || std::ranges::count(removed, each) == 0) wanted.push_back(each);
    }
    for (const std::string& each : requested) {
      if (std::ranges::count(wanted, each) == 0) wanted.push_back(each);
    }
    if (wanted != accounts(member)) set(member, wanted);
  }

  std::vector<std::string> differences() const { return oracle->differences(world); }
  /// The one difference there is.
  std::string difference() const {
    const auto found = differences();
    return found.size() == 1 ? found.front() : std::to_string(found.size()) + " differences";
  }

  const Request request{"Patient/p", {account(3), account(4)}, true};
  World world;
  Seeded seeded;
  std::unique_ptr<Oracle> oracle;
};

struct OracleTest : Watched {
  /// A finished propagation of `request`.
  OracleTest() {
    propagate(request.accounts, {account(1), account(2)});
    oracle->expect(request);
  }
};

TEST_F(OracleTest, IsContentWithAPropagationDoneRight) {
  EXPECT_EQ(differences(), std::vector<std::string>());
  EXPECT_EQ(oracle->resources_updated(), 61);
  EXPECT_EQ(oracle->members_of("Patient/p").size(), 60U);
  const std::string shared = seeded.shared.front();
  EXPECT_EQ(accounts(shared), (std::vector{account(1), account(7), account(3), account(4)}));
}

TEST_F(OracleTest, FindsAMemberThatWasMissed) {
  const std::string member = "Goal/p-m-16";
  set(member, {account(1), account(2)});
  EXPECT_TRUE(difference().starts_with(member + ": accounts are ")) << difference();
}

TEST_F(OracleTest, FindsARemovalThatWasForgotten) {
  set("Goal/p-m-16", {account(1), account(3), account(4)});
  EXPECT_TRUE(difference().starts_with("Goal/p-m-16: accounts are ")) << difference();
}

TEST_F(OracleTest, FindsARemovalThatAnotherPatientForbids) {
  const std::string shared = seeded.shared.front();
  set(shared, {account(7), account(3), account(4)});
  EXPECT_TRUE(difference().starts_with(shared + ": accounts are ")) << difference();
}

TEST_F(OracleTest, FindsAnotherOrder) {
  set("Patient/p", {account(4), account(3)});
  EXPECT_TRUE(difference().starts_with("Patient/p: accounts are ")) << difference();
}

TEST_F(OracleTest, FindsALostDisplay) {
  const auto displayed = std::ranges::find_if(seeded.members, [&](const std::string& each) {
    return world.find(each)->text().find("tenant") != std::string_view::npos;
  });
  ASSERT_NE(displayed, seeded.members.end());
  world.edit(*displayed, [](Json& resource) {
    remove_member(resource["meta"]["accounts"][0], "display");
    remove_member(resource["meta"]["account"], "display");
  });
  EXPECT_NE(difference().find(": accounts are "), std::string::npos);
}

TEST_F(OracleTest, FindsAnyWriteToANonMember) {
  for (const std::string& outsider : {std::string("Practitioner/p-practitioner-1"), account(1), seeded.second,
                                      seeded.linked, seeded.stranger, std::string("Observation/p-stranger-member-0")}) {
    Oracle fresh(world);
    fresh.expect(request);
    set(outsider, {account(3), account(4)});
    const auto found = fresh.differences(world);
    ASSERT_EQ(found.size(), 1U) << outsider;
    EXPECT_EQ(found.front(), outsider + ": is no target and no member, but was written (1 version)");
  }
}

TEST_F(OracleTest, FindsAChangeOfContent) {
  world.edit("Goal/p-m-16", [](Json& resource) { remove_member(resource, "description"); });
  EXPECT_EQ(difference(), "Goal/p-m-16: something else than its accounts was changed");
}

TEST_F(OracleTest, FindsAChangeOfOtherMeta) {
  world.edit("Goal/p-m-16", [](Json& resource) { remove_member(resource["meta"], "tag"); });
  EXPECT_EQ(difference(), "Goal/p-m-16: something else than its accounts was changed");
}

TEST_F(OracleTest, FindsMoreWritesThanWereNeeded) {
  const std::size_t needed = world.find("Patient/p")->history.size() - 1;
  set("Patient/p", {account(4), account(3)});
  set("Patient/p", {account(3), account(4)});
  EXPECT_EQ(needed, 1U);
  EXPECT_EQ(difference(), "Patient/p: 3 new versions where 1 would do");
}

TEST_F(OracleTest, FindsAWriteToWhatWasRightAlready) {
  oracle = std::make_unique<Oracle>(world);
  oracle->expect(request);
  EXPECT_TRUE(differences().empty());
  world.touch("Goal/p-m-16");
  world.edit("Goal/p-m-16", [](Json& resource) { remove_member(resource, "language"); });
  EXPECT_EQ(difference(), "Goal/p-m-16: 2 new versions where 0 would do");
}

TEST_F(OracleTest, FindsDeletionsAndStrangers) {
  world.erase("Goal/p-m-16");
  EXPECT_EQ(difference(), "Goal/p-m-16: was deleted");
  oracle->forget("Goal/p-m-16");
  EXPECT_TRUE(differences().empty());
  world.put(R"({"resourceType":"Basic","id":"new"})");
  EXPECT_EQ(difference(), "Basic/new: was not there before");
}

TEST_F(OracleTest, SaysHowManyMoreThereAre) {
  for (const std::string& member : seeded.members) set(member, {});
  const auto found = oracle->differences(world, 10);
  ASSERT_EQ(found.size(), 11U);
  EXPECT_EQ(found.back(), "and 50 more");
}

TEST_F(Watched, WantsOnlyTheTargetWithoutPropagation) {
  oracle->expect({"Patient/p", {account(3)}, false});
  EXPECT_EQ(differences().size(), 1U);
  set("Patient/p", {account(3)});
  EXPECT_TRUE(differences().empty());
  EXPECT_EQ(oracle->resources_updated(), 1);
  set("Goal/p-m-16", {account(3)});
  EXPECT_EQ(difference(), "Goal/p-m-16: is no target and no member, but was written (1 version)");
}

TEST_F(Watched, RemembersWhatAnAbandonedRequestOwes) {
  oracle->abandoned({"Patient/p", {account(3)}, true}, true);
  set("Patient/p", {account(3)});
  for (std::size_t i = 0; i < 20; ++i) propagate_to(seeded.members[i], {account(3)}, {account(1), account(2)});
  EXPECT_TRUE(differences().empty()) << "members may have been reached or not";

  oracle->expect({"Patient/p", {account(4)}, true});
  propagate({account(4)}, {account(3)});
  EXPECT_FALSE(differences().empty()) << "accounts 1 and 2 are still on what the broken job never reached";
  propagate({account(4)}, {account(1), account(2), account(3)});
  const auto left = differences();
  for (const std::string& each : left) EXPECT_NE(each.find(" new versions where "), std::string::npos) << each;
}

TEST_F(Watched, OwesWhatARequestThatDiedBeforeItsTargetWouldHaveRemoved) {
  oracle->abandoned({"Patient/p", {account(3)}, true}, false);
  oracle->expect({"Patient/p", {account(1), account(2), account(4)}, true});
  propagate({account(1), account(2), account(4)}, {});
  EXPECT_TRUE(differences().empty()) << "what is asked for again stays";
}

TEST_F(Watched, OwesNothingMoreThatACompletedRequestAskedForAgain) {
  oracle->abandoned({"Patient/p", {account(3)}, true}, false);
  oracle->expect({"Patient/p", {account(1), account(2)}, true});
  oracle->expect({"Patient/p", {account(4)}, false});
  oracle->expect({"Patient/p", {account(4), account(5)}, true});
  propagate({account(1), account(2)}, {});
  set("Patient/p", {account(4)});
  propagate({account(4), account(5)}, {});
  EXPECT_EQ(differences(), std::vector<std::string>());
}

TEST_F(Watched, TakesTwoRequestsSideBySideInEitherOrderOnEachMemberThatTheyShare) {
  const Request other{seeded.second, {account(5)}, true};
  oracle->expect_side_by_side(request, other);
  propagate(request.accounts, {account(2)});
  set(seeded.second, other.accounts);
  for (std::size_t i = 0; i < seeded.shared.size(); ++i)
    set(seeded.shared[i],
        i % 2 == 0 ? std::vector{account(3), account(4), account(5)} : std::vector{account(5), account(3), account(4)});
  for (const std::string& each : seeded.members) {
    if (std::ranges::find(seeded.shared, each) == seeded.shared.end()) propagate_to(each, {}, {account(1)});
  }
  for (const std::string& each : differences()) EXPECT_NE(each.find(" new versions where "), std::string::npos) << each;
  set(seeded.shared.front(), {account(3), account(4)});
  set(seeded.second, {account(5)});
  const auto found = differences();
  EXPECT_TRUE(std::ranges::any_of(
      found, [&](const std::string& each) { return each.starts_with(seeded.shared.front() + ": accounts are "); }));
}

TEST_F(Watched, TakesExternalChangesForGiven) {
  world.touch("Goal/p-m-16");
  oracle->note_external(world, "Goal/p-m-16");
  world.move_to_patient("Claim/p-m-6", "Patient/p", seeded.stranger);
  oracle->note_external(world, "Claim/p-m-6");
  world.erase("Task/p-m-20");
  oracle->note_external(world, "Task/p-m-20");
  world.put(R"({"resourceType":"Goal","id":"new","meta":{},"subject":{"reference":"Patient/p"}})");
  oracle->note_external(world, "Goal/new");
  std::erase(seeded.members, "Claim/p-m-6");
  std::erase(seeded.members, "Task/p-m-20");
  seeded.members.emplace_back("Goal/new");
  propagate(request.accounts, {account(1), account(2)});
  oracle->expect(request);
  EXPECT_EQ(differences(), std::vector<std::string>());
  EXPECT_EQ(oracle->resources_updated(), 60);
}

TEST_F(Watched, TakesExternalChangesDuringTheLastRequestTo) {
  oracle->expect(request);
  world.touch("Goal/p-m-16");
  oracle->note_external_during(world, "Goal/p-m-16");
  EXPECT_FALSE(differences().empty());
  propagate(request.accounts, {account(1), account(2)});
  EXPECT_EQ(differences(), std::vector<std::string>());
}

}  // namespace
