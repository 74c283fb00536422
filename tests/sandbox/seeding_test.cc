#include "sandbox/seeding.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "sandbox/compartment.h"
#include "sandbox/expectation.h"

using namespace sandbox;

namespace {

struct Seeds : testing::Test {
  Seeds() { seeded = seed_compartment(world, {}); }
  Json json(const std::string& reference) const { return parsed(world.find(reference)->text()); }
  World world;
  Seeded seeded;
};

TEST_F(Seeds, MakeTheSameWorldAgain) {
  World again;
  seed_compartment(again, {});
  ASSERT_EQ(again.records().size(), world.records().size());
  for (const auto& [reference, record] : world.records()) EXPECT_EQ(again.find(reference)->text(), record.text());
  World other;
  Seeding seeding;
  seeding.seed = 2;
  seed_compartment(other, seeding);
  EXPECT_NE(other.find("Goal/p-m-16")->text(), world.find("Goal/p-m-16")->text());
}

TEST_F(Seeds, AreOfManyTypesAndOfRealSize) {
  std::set<std::string> types;
  std::size_t bytes = 0;
  for (const std::string& member : seeded.members) {
    const std::string_view text = world.find(member)->text();
    types.emplace(type_of(member));
    bytes += text.size();
    EXPECT_GT(text.size(), 1000U) << member;
    EXPECT_LT(text.size(), 5000U) << member;
    EXPECT_EQ(text.find('%' + std::string("patient")), std::string_view::npos) << member;
  }
  EXPECT_EQ(seeded.members.size(), 100U);
  EXPECT_GE(types.size(), 20U);
  EXPECT_GT(bytes / 100, 1800U);
}

TEST_F(Seeds, PutEveryMemberIntoTheCompartmentAndNobodyElse) {
  std::set<std::string> members(seeded.members.begin(), seeded.members.end());
  members.insert({seeded.target, seeded.linked});
  for (const auto& [reference, record] : world.records()) {
    const bool inside = std::ranges::count(record.compartments, seeded.target) > 0;
    EXPECT_EQ(inside, members.contains(reference)) << reference;
    EXPECT_EQ(world.compartment(seeded.target).contains(&record), inside) << reference;
  }
  EXPECT_EQ(seeded.shared.size(), 10U);
  for (const std::string& shared : seeded.shared) {
    EXPECT_EQ(std::ranges::count(world.find(shared)->compartments, seeded.second), 1) << shared;
  }
}

TEST_F(Seeds, VaryTheAccountsOfMembers) {
  std::map<std::size_t, int> by_number;
  int displayed = 0;
  int alone = 0;
  for (const std::string& member : seeded.members) {
    const AccountEntries accounts = entries_of(json(member));
    ++by_number[accounts.size()];
    const bool shown = std::ranges::any_of(
        accounts, [](const AccountEntry& each) { return each.json.find("display") != std::string::npos; });
    displayed += shown ? 1 : 0;
    alone += stored_properly(json(member), accounts) ? 0 : 1;
  }
  EXPECT_EQ(alone, 4) << "old resources have meta.account alone";
  for (const std::size_t number : {0U, 1U, 2U, 3U, 4U}) EXPECT_GT(by_number[number], 0) << number;
  EXPECT_GT(displayed, 0);
  EXPECT_TRUE(has(entries_of(json(seeded.second)), account(1)));
}

TEST_F(Seeds, ReferToResourcesThatAreNobodysMembers) {
  for (const std::string& outsider : seeded.outsiders) EXPECT_TRUE(world.has(outsider)) << outsider;
  for (const char* type : {"Organization", "Practitioner", "Location", "PractitionerRole", "Medication", "Device"}) {
    EXPECT_TRUE(std::ranges::any_of(seeded.outsiders, [&](const std::string& each) { return type_of(each) == type; }))
        << type;
  }
}

TEST(Seeding, CanUseUuidsAndSeveralPatients) {
  World::Options options;
  options.uuid_ids = true;
  World world(options);
  Seeding seeding;
  seeding.uuid_ids = true;
  for (const char* patient : {"0b1e2d3c-0000-4000-8000-000000000001", "0b1e2d3c-0000-4000-8000-000000000002"}) {
    seeding.patient = patient;
    const Seeded seeded = seed_compartment(world, seeding);
    EXPECT_EQ(world.compartment(seeded.target).size(), 102U);
    for (const std::string& member : seeded.members) EXPECT_TRUE(is_uuid(id_of(member))) << member;
  }
}

TEST(Seeding, IsQuick) {
  World world;
  Seeding seeding;
  seeding.members = 5000;
  const auto begin = std::chrono::steady_clock::now();
  seed_compartment(world, seeding);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << "under a second where nothing checks";
  EXPECT_EQ(world.compartment("Patient/p").size(), 5002U);
}

}  // namespace
