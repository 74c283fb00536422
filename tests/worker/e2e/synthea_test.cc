#include <cstdlib>
#include <filesystem>
#include <map>

#include "sandbox/bundle_loader.h"
#include "tests/worker/e2e/end_to_end.h"

namespace {

namespace fs = std::filesystem;
using sandbox::Request;
using test::EndToEnd;
using test::organization;

struct SyntheticPatient {
  std::string name;
  std::string file;
  long resources_updated;  ///< as the data's own README counts it
};

fs::path folder() {
  if (const char* given = std::getenv("SET_ACCOUNTS_SYNTHEA")) return given;
  return fs::path(SET_ACCOUNTS_SOURCE).parent_path() / "shared/data/synthea";
}

class Synthea : public EndToEnd, public testing::WithParamInterface<SyntheticPatient> {};

TEST_P(Synthea, LoadsAndPropagatesRightAndAgainWhenItsAccountsLeave) {
  const fs::path file = folder() / GetParam().file;
  if (!fs::exists(file))
    GTEST_SKIP() << "no " << GetParam().file << " here: set SET_ACCOUNTS_SYNTHEA to the folder of the Synthea bundles";
  sandbox::Loaded loaded;
  server.with_world([&](sandbox::World& world) { loaded = sandbox::load_bundle_file(world, file); });
  ASSERT_EQ(loaded.patients.size(), 1u);
  look();
  for (const std::vector<std::string>& accounts :
       {std::vector<std::string>{organization(1), organization(2)}, std::vector<std::string>{}}) {
    const Request request{loaded.patients.front(), accounts, true};
    oracle().expect(request);
    const std::string job = enqueue(request);
    ASSERT_EQ(drain(), 0) << said();
    EXPECT_EQ(wrong(), "");
    EXPECT_EQ(number(job, "resourcesUpdated"), GetParam().resources_updated);
    EXPECT_EQ(number(job, "resourcesWritten"), GetParam().resources_updated);
  }
  EXPECT_EQ(server.counters().wasted_writes, 0);
}

INSTANTIATE_TEST_SUITE_P(EveryPatient, Synthea,
                         testing::Values(SyntheticPatient{"Smallest", "1-smallest.json.gz", 59},
                                         SyntheticPatient{"Median", "2-median.json.gz", 249},
                                         SyntheticPatient{"NinetiethPercentile", "3-p90.json.gz", 602},
                                         SyntheticPatient{"NewerSynthea", "4-newer-synthea.json.gz", 1185},
                                         SyntheticPatient{"ManyTypes", "5-many-types.json.gz", 1693},
                                         SyntheticPatient{"Largest", "6-largest.json.gz", 2172}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
