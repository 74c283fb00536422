#include "tests/worker/e2e/same_end.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace test {

std::vector<std::string> Chance::some_organizations() {
  std::vector<std::string> some;
  for (unsigned n = 1; n <= 6; ++n)
    if (below(3) == 0) some.push_back(organization(n));
  std::ranges::shuffle(some, engine_);
  return some;
}

std::uint64_t chosen_seed() {
  const char* given = std::getenv("SET_ACCOUNTS_TEST_SEED");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "SET_ACCOUNTS_TEST_SEED=" << seed << '\n';
  return seed;
}

Story SameEnd::begin(Chance& chance) {
  sandbox::Seeding seeding;
  seeding.patient = "p" + std::to_string(++stories_);
  seeding.members = 10 + chance.below(60);
  seeding.seed = chance.below(1'000'000);
  seeding.old_accounts = chance.some_organizations();
  seeding.other_accounts = chance.some_organizations();
  seeding.already = chance.some_organizations();
  seeding.shared_every = 1 + chance.below(5);
  seeded_ = seed(seeding);
  remember();
  change_server([&](sandbox::ServerOptions& options) {
    options.paging = static_cast<sandbox::Paging>(chance.below(3));
    options.search_mode = chance.below(3) != 0;
    options.compartment_in_meta = chance.below(3) != 0;
    options.if_match = chance.below(2) != 0;
    options.latency = std::chrono::milliseconds(chance.below(2));
  });
  Story story;
  story.owed = chance.some_organizations();
  story.job = {"target", seeded_.target, "propagate", "true", "accounts", ""};
  for (const std::string& account : chance.some_organizations()) story.job.back() += account + " ";
  story.concurrency = 1 + chance.below(8);
  story.page_size = 20 + chance.below(50);
  return story;
}

std::string SameEnd::restored(const Story& story) {
  redis({"FLUSHALL"});
  server.with_world([&](sandbox::World& world) {
    for (const auto& [reference, text] : texts_)
      if (world.find(reference)->current().text != text) world.put_as_it_is(*text);
  });
  remember();
  Fields owing{"SADD", "{set-accounts}:owed:" + seeded_.target};
  owing.insert(owing.end(), story.owed.begin(), story.owed.end());
  if (!story.owed.empty()) redis(owing);
  return enqueue(story.job);
}

Accounts SameEnd::after_undisturbed(const Story& story) {
  const std::string job = restored(story);
  EXPECT_EQ(drain(options_of(story)), 0) << said();
  return after_completing(job);
}

Accounts SameEnd::after_twice_in_a_row(const Story& story) {
  const std::string first = restored(story);
  const std::string second = enqueue(story.job);
  EXPECT_EQ(drain(options_of(story)), 0) << said();
  EXPECT_EQ(field(first, "state"), "completed") << field(first, "error");
  EXPECT_EQ(number(second, "resourcesWritten"), 0);
  return after_completing(second);
}

Accounts SameEnd::after_completing(const std::string& job) {
  EXPECT_EQ(field(job, "state"), "completed") << field(job, "error");
  EXPECT_EQ(number(job, "resourcesUpdated"), static_cast<long>(members()) + 1);
  EXPECT_TRUE(owed(seeded_.target).empty());
  return accounts();
}

void SameEnd::expire_lease_of(const std::string& job) {
  redis({"ZADD", "{set-accounts}:running", "XX", "1", job});
}

Fields SameEnd::options_of(const Story& story) {
  return {"--concurrency", std::to_string(story.concurrency), "--page-size", std::to_string(story.page_size)};
}

void SameEnd::remember() {
  server.with_world([&](const sandbox::World& world) {
    for (const auto& [reference, record] : world.records()) texts_[reference] = record.current().text;
  });
}

Accounts SameEnd::accounts() {
  Accounts all;
  server.with_world([&](const sandbox::World& world) {
    for (const auto& [reference, record] : world.records()) {
      const sandbox::Json resource = sandbox::parsed(record.text());
      std::string& accounts = all[reference];
      for (const char* name : {"accounts", "account"})
        if (const auto* value = sandbox::member(resource["meta"], name)) accounts += sandbox::to_text(*value);
    }
  });
  return all;
}

}  // namespace test
