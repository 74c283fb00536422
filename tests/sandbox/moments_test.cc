#include <algorithm>

#include <gtest/gtest.h>

#include "sandbox/served_patient.h"

using namespace sandbox;

namespace {

constexpr const char* watched = "Observation/p-m-0";

TEST(Moments, LetSomebodyElseBeFasterThanThePatch) {
  ServedPatient served;
  const std::string version = served.get(watched).version();
  served.server.before_patch([](World& world, int n, const std::string& reference) {
    if (n == 1) world.touch(reference);
  });
  const Headers if_match = {{"X-Medplum", "extended"}, {"If-Match", "W/\"" + version + "\""}};
  EXPECT_EQ(served.patch(watched, set_accounts_patch({account(3)}), if_match).status, 412U);
  const Headers now = {{"X-Medplum", "extended"}, {"If-Match", served.get(watched).header("ETag")}};
  EXPECT_EQ(served.patch(watched, set_accounts_patch({account(3)}), now).status, 200U);
}

TEST(Moments, LetAResourceBeDeletedOrMovedBetweenPages) {
  ServedPatient served;
  const std::string moved = served.seeded.members[50];
  const std::string erased = served.seeded.members[60];
  served.server.before_page([&](World& world, int n, const std::string&) {
    if (n != 2) return;
    world.move_to_patient(moved, "Patient/p", served.seeded.stranger);
    world.erase(erased);
  });
  const Reply first = served.page(everything + "?_count=20");
  std::vector<std::string> seen;
  for (std::string at = next_of(first); !at.empty();) {
    const Reply page = served.page(at);
    for (const std::string& entry : entries(page)) seen.push_back(entry);
    at = next_of(page);
  }
  EXPECT_EQ(std::ranges::count(seen, moved), 0);
  EXPECT_EQ(std::ranges::count(seen, erased), 0);
  EXPECT_EQ(seen.size(), 80U);
  const Reply other = served.page(served.seeded.stranger + "/$everything");
  const std::vector<std::string> his = entries(other);
  EXPECT_EQ(std::ranges::count(his, moved), 1);
}

TEST(Moments, MayUseTheServerItself) {
  ServedPatient served;
  served.server.after_patch([&](World&, int, const std::string&) {
    served.server.with_world([](World& world) { world.touch("Patient/p"); });
    served.server.add_fault({});
  });
  EXPECT_EQ(served.patch(watched, set_accounts_patch({account(3)})).status, 200U);
  EXPECT_EQ(served.get(watched).status, 503U);
}

}  // namespace
