#include "sandbox/bundle_loader.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "sandbox/compartment.h"

using namespace sandbox;

namespace {

std::filesystem::path synthea_folder() {
  const char* named = std::getenv("SET_ACCOUNTS_SYNTHEA");
  return named ? std::filesystem::path(named) : std::filesystem::path(SANDBOX_SOURCE_DIR) / "../shared/data/synthea";
}

struct SyntheaFile {
  const char* file;
  const char* patient;
  std::size_t resources;
  std::size_t members;
};

class Synthea : public testing::TestWithParam<SyntheaFile> {};

TEST_P(Synthea, HasTheMembersThatWereCounted) {
  const std::filesystem::path file = synthea_folder() / GetParam().file;
  if (!std::filesystem::exists(file)) {
    GTEST_SKIP() << "no Synthea data: " << file << " (name its folder in SET_ACCOUNTS_SYNTHEA)";
  }
  World::Options options;
  options.uuid_ids = true;
  World world(options);
  const Loaded loaded = load_bundle_file(world, file);
  const std::string patient = std::string("Patient/") + GetParam().patient;
  EXPECT_EQ(loaded.resources, GetParam().resources);
  EXPECT_EQ(loaded.patients, std::vector<std::string>{patient});
  EXPECT_EQ(world.compartment(patient).size(), GetParam().members + 1);
  for (const auto& [reference, record] : world.records()) {
    for_each_reference(parsed(record.text()),
                       [&](std::string_view each) { EXPECT_FALSE(each.starts_with("urn:uuid:")); });
  }
}

INSTANTIATE_TEST_SUITE_P(
    Files, Synthea,
    testing::Values(SyntheaFile{"1-smallest.json.gz", "1ae0605d-e5b8-4d6d-a96d-c93dcbd57e06", 61, 58},
                    SyntheaFile{"2-median.json.gz", "cb0a84bd-b04c-458e-baa3-c9f89ca767d7", 253, 248},
                    SyntheaFile{"3-p90.json.gz", "138d4e0c-e3d3-460d-bead-7d0b2f86f33c", 608, 601},
                    SyntheaFile{"4-newer-synthea.json.gz", "0724714f-947b-6cab-ee85-b0de7a9ad3f7", 1186, 1184},
                    SyntheaFile{"5-many-types.json.gz", "351502fd-c732-4be7-8f90-64bb707ec721", 1699, 1692},
                    SyntheaFile{"6-largest.json.gz", "f12a1a30-9ce0-48dd-91de-ce5c3fcf8828", 2178, 2171}),
    [](const auto& each) { return "File" + std::string(1, each.param.file[0]); });

TEST(BundleLoader, RewritesReferencesToEntriesAndNoOthers) {
  World world;
  const Loaded loaded = load_bundle(world, R"({"resourceType":"Bundle","type":"transaction","entry":[
      {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"a"}},
      {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Goal","id":"b","subject":{"reference":"urn:uuid:1"},
       "expressedBy":{"reference":"Practitioner?identifier=x|1"},"addresses":[{"reference":"urn:uuid:9"}]}}]})");
  EXPECT_EQ(loaded.resources, 2U);
  EXPECT_EQ(loaded.patients, std::vector<std::string>{"Patient/a"});
  const std::string_view goal = world.find("Goal/b")->text();
  EXPECT_NE(goal.find(R"("subject":{"reference":"Patient/a"})"), std::string_view::npos);
  EXPECT_NE(goal.find("Practitioner?identifier=x|1"), std::string_view::npos);
  EXPECT_NE(goal.find("urn:uuid:9"), std::string_view::npos);
  EXPECT_EQ(world.compartment("Patient/a").size(), 2U);
}

TEST(BundleLoader, SaysWhatItCannotLoad) {
  World world;
  EXPECT_THROW(load_bundle(world, "{}"), std::invalid_argument);
  EXPECT_THROW(load_bundle(world, "rubbish"), std::invalid_argument);
  EXPECT_THROW(load_bundle_file(world, "/nowhere/at-all.json.gz"), std::runtime_error);
}

}  // namespace
