#include "sandbox/trespass.h"

#include <gtest/gtest.h>

#include "sandbox/served_patient.h"

namespace {

using namespace sandbox;

const std::vector<Request> alone = {{"Patient/p", {account(3)}, false}};
const std::vector<Request> propagated = {{"Patient/p", {account(3)}, true}};

struct Trespasses : testing::Test, ServedPatient {
  Trespasses() : ServedPatient({}, {.members = 20}) {}

  void patch_accounts(const std::string& reference) {
    EXPECT_EQ(patch(reference, set_accounts_patch({account(3)})).status, 200) << reference;
  }
  std::size_t found(const std::vector<Request>& requests) {
    return trespasses(server.committed_patches(), requests).size();
  }
};

TEST_F(Trespasses, AreNotPatchesOfTheTarget) {
  patch_accounts(seeded.target);
  EXPECT_EQ(found(alone), 0U);
  EXPECT_EQ(found({}), 1U);
}

TEST_F(Trespasses, ArePatchesOfMembersOnlyWhereNobodyPropagates) {
  patch_accounts(seeded.members[3]);
  EXPECT_EQ(found(propagated), 0U);
  EXPECT_EQ(found(alone), 1U);
}

TEST_F(Trespasses, ArePatchesOfEverybodyElse) {
  for (const std::string& outsider : seeded.outsiders) patch_accounts(outsider);
  std::size_t changed = 0;
  for (const std::string& outsider : seeded.outsiders)
    changed += static_cast<std::size_t>(server.counters().writes_of(outsider));
  EXPECT_EQ(changed, seeded.outsiders.size());
  EXPECT_EQ(found(propagated), changed) << "the Patient linked to him and his Device among them";
}

TEST_F(Trespasses, ArePatchesOfWhatHadBeenMovedToAnotherPatient) {
  server.with_world([&](World& world) { world.move_to_patient("Claim/p-m-6", "Patient/p", seeded.stranger); });
  patch_accounts("Claim/p-m-6");
  server.with_world([&](World& world) { world.move_to_patient("Claim/p-m-6", seeded.stranger, "Patient/p"); });
  const auto lines = trespasses(server.committed_patches(), propagated);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(
      lines.front().starts_with("Claim/p-m-6: was no target and no member of one's compartment, but of "
                                "Patient/p-stranger-1, when"))
      << lines.front();
}

TEST_F(Trespasses, AreNoPatchesThatChangedNothing) {
  patch_accounts(seeded.stranger);
  patch_accounts(seeded.stranger);
  EXPECT_EQ(server.committed_patches().size(), 1U);
}

}  // namespace
