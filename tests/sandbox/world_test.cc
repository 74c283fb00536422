#include "sandbox/world.h"

#include <set>

#include <gtest/gtest.h>

#include "sandbox/compartment.h"
#include "sandbox/instant.h"

using namespace sandbox;

namespace {

constexpr const char* goal = R"({"resourceType":"Goal","id":"g","meta":{},"subject":{"reference":"Patient/p"}})";

TEST(World, KeepsEveryVersion) {
  World world;
  world.put(goal);
  world.touch("Goal/g");
  world.erase("Goal/g");
  const Record& record = *world.find("Goal/g");
  ASSERT_EQ(record.history.size(), 3U);
  EXPECT_TRUE(record.deleted());
  EXPECT_EQ(record.history[0].text->find("language"), std::string::npos);
  EXPECT_NE(record.history[1].text->find("language"), std::string::npos);
  std::set<std::string> ids;
  for (const Version& version : record.history) {
    EXPECT_TRUE(is_uuid(version.id));
    ids.insert(version.id);
  }
  EXPECT_EQ(ids.size(), 3U);
}

TEST(World, MakesNoVersionForWhatChangesNothing) {
  World world;
  EXPECT_TRUE(world.put(goal).changed);
  EXPECT_FALSE(world.put(goal).changed);
  world.edit("Goal/g", [](Json&) {});
  EXPECT_EQ(world.find("Goal/g")->history.size(), 1U);
}

TEST(World, LetsTimeGoOnWithEveryWriteOrStandStillForSome) {
  World::Options options;
  World strict(options);
  options.writes_per_ms = 3;
  World crowded(options);
  std::set<std::int64_t> strict_times;
  std::set<std::int64_t> crowded_times;
  for (int i = 0; i < 9; ++i) {
    const std::string json = R"({"resourceType":"Basic","id":"b)" + std::to_string(i) + R"(","meta":{}})";
    strict_times.insert(strict.put(json).record->current().last_updated);
    crowded_times.insert(crowded.put(json).record->current().last_updated);
  }
  EXPECT_EQ(strict_times.size(), 9U);
  EXPECT_EQ(crowded_times.size(), 3U);
}

TEST(World, TellsDeletedFromUnknown) {
  World world;
  world.put(goal);
  world.erase("Goal/g");
  EXPECT_EQ(world.find("Goal/never"), nullptr);
  EXPECT_FALSE(world.has("Goal/g"));
  EXPECT_TRUE(world.compartment("Patient/p").empty());
  EXPECT_THROW(world.touch("Goal/g"), std::invalid_argument);
  EXPECT_THROW(world.erase("Goal/never"), std::invalid_argument);
  EXPECT_TRUE(world.put(goal).changed) << "it can come back";
}

TEST(World, MovesAResourceFromOneCompartmentToTheOther) {
  World world;
  world.put(goal);
  world.move_to_patient("Goal/g", "Patient/p", "Patient/q");
  EXPECT_TRUE(world.compartment("Patient/p").empty());
  EXPECT_EQ(world.compartment("Patient/q").size(), 1U);
}

TEST(Instants, AreWrittenAndRead) {
  EXPECT_EQ(instant(1'767'225'600'007), "2026-01-01T00:00:00.007Z");
  EXPECT_EQ(http_date(1'767'225'600'007), "Thu, 01 Jan 2026 00:00:00 GMT");
  EXPECT_EQ(parse_instant("2026-01-01T00:00:00.007Z"), 1'767'225'600'007);
  EXPECT_EQ(parse_instant("2026-01-01T01:00:00+01:00"), 1'767'225'600'000);
  EXPECT_EQ(parse_instant("2026-01-01"), 1'767'225'600'000);
  EXPECT_EQ(parse_instant("2026"), 1'767'225'600'000);
  EXPECT_FALSE(parse_instant("yesterday"));
  EXPECT_FALSE(parse_instant("2026-13-01"));
}

TEST(World, CanBeStampedByAnotherClock) {
  World world;
  world.put(R"({"resourceType":"Flag","id":"f","subject":{"reference":"Patient/p"}})");
  world.put(R"({"resourceType":"Flag","id":"g","subject":{"reference":"Patient/p"}})");
  const std::string version = world.find("Flag/f")->current().id;
  world.restamp("Flag/f", 1'924'992'000'000);
  EXPECT_EQ(world.find("Flag/f")->current().id, version);
  EXPECT_NE(world.find("Flag/f")->text().find("2031-01-01T00:00:00.000Z"), std::string_view::npos);
  EXPECT_EQ((*world.compartment("Patient/p").rbegin())->id, "f") << "the last by _lastUpdated";
}

}  // namespace
