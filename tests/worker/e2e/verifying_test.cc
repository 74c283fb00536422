#include <array>

#include "tests/worker/e2e/end_to_end.h"

namespace {

using sandbox::Paging;
using sandbox::Request;
using test::EndToEnd;
using test::organization;

constexpr std::int64_t day = 24L * 60 * 60 * 1000;
constexpr std::int64_t year_2031 = 1'924'992'000'000;

/// How often a compartment is read until nothing is left to do.
class Verifying : public EndToEnd {
 protected:
  void SetUp() override {
    seeded = seed({.members = 100, .shared_every = 0});
    look();
  }
  void serve(Paging paging) {
    change_server([=](sandbox::ServerOptions& options) { options.paging = paging; });
  }
  std::string complete(const test::Fields& options = {}) {
    oracle().expect(swap);
    std::string job = enqueue(swap);
    EXPECT_EQ(drain(options), 0) << said();
    EXPECT_EQ(field(job, "state"), "completed") << field(job, "error");
    EXPECT_EQ(wrong(), "");
    return job;
  }
  /// All was brought in line a day ago, but for the target, which somebody has just written.
  void age() {
    complete();
    server.with_world([&](sandbox::World& world) {
      const auto now = world.find(seeded.target)->current().last_updated;
      for (std::size_t i = 0; i < seeded.members.size(); ++i)
        world.restamp(seeded.members[i], now - day + static_cast<std::int64_t>(i));
    });
    look();
    server.reset_counters();
  }
  long pages() { return server.counters().requests_of("page"); }
  /// Somebody else's resource of the target, without accounts.
  void create(sandbox::World& world, const std::string& id) {
    world.put(R"({"resourceType":"Flag","id":")" + id + R"(","subject":{"reference":"Patient/p"}})");
    oracle().note_external_during(world, "Flag/" + id);
  }

  const Request swap{"Patient/p", {organization(5)}, true};
  sandbox::Seeded seeded;
};

TEST_F(Verifying, LooksAfterACursorOnlyAtWhatChangedSince) {
  age();
  complete({"--page-size", "20"});
  EXPECT_EQ(pages(), 6 + 1) << "101 resources, then the target alone";
}

TEST_F(Verifying, IsDoneAfterAPassByOffsetThatWroteNothing) {
  age();
  for (const Paging paging : {Paging::legacy, Paging::offset}) {
    serve(paging);
    server.reset_counters();
    complete({"--page-size", "20"});
    EXPECT_EQ(pages(), 6);
  }
}

TEST_F(Verifying, ReadsEverythingAgainAfterAPassByOffsetThatWrote) {
  serve(Paging::offset);
  complete({"--page-size", "20"});
  EXPECT_EQ(pages(), 6 + 6);
}

TEST_F(Verifying, LooksAfterOneOnlyPageAtWhatChangedSinceWhateverTheServersAge) {
  age();
  serve(Paging::legacy);
  complete();
  EXPECT_EQ(pages(), 1 + 1) << "no offset was followed";
}

TEST_F(Verifying, IsTurnedOffForOneJobOrForTheWorker) {
  age();
  complete({"--page-size", "20", "--verify", "none"});
  EXPECT_EQ(pages(), 6);
  oracle().expect(swap);
  enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true", "verify", "none"});
  ASSERT_EQ(drain({"--page-size", "20"}), 0) << said();
  EXPECT_EQ(pages(), 12);
}

TEST_F(Verifying, EndsTheAttemptAfterFivePassesThatAllHadToWrite) {
  server.before_page([&](sandbox::World& world, int, const std::string&) {
    world.edit(seeded.members.front(), [](sandbox::Json& resource) {
      resource["meta"].RemoveMember("accounts");
      resource["meta"].RemoveMember("account");
    });
    oracle().note_external_during(world, seeded.members.front());
  });
  oracle().expect(swap);
  const std::string job =
      enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true", "maxAttempts", "1"});
  EXPECT_EQ(drain(), 1) << said();
  EXPECT_EQ(field(job, "error"), "the compartment of Patient/p kept changing through 5 passes");
  EXPECT_EQ(pages(), 5);
  EXPECT_EQ(owed(seeded.target).size(), 2u) << "nothing was proven";

  server.before_page(nullptr);
  complete();
  EXPECT_TRUE(owed(seeded.target).empty());
}

class VerifyingEveryAge : public Verifying, public testing::WithParamInterface<Paging> {};

TEST_P(VerifyingEveryAge, FindsWhatIsCreatedAndMovedInAfterItsPageWasRead) {
  serve(GetParam());
  const std::string moved = "Condition/p-stranger-member-4";
  server.before_patch([&](sandbox::World& world, int n, const std::string&) {
    if (n != 60) return;
    create(world, "0-before-all-others");
    create(world, "z-behind-all-others");
    world.move_to_patient(moved, seeded.stranger, seeded.target);
    oracle().note_external_during(world, moved);
  });
  const std::string job = complete();
  EXPECT_EQ(server.counters().writes_of("Flag/z-behind-all-others"), 1);
  EXPECT_EQ(server.counters().writes_of(moved), 1);
  EXPECT_EQ(number(job, "resourcesUpdated"), 104);
}

TEST_P(VerifyingEveryAge, FindsWhatWasMovedOutAndInAgain) {
  serve(GetParam());
  const std::string moved = seeded.members[80];
  server.before_patch([&](sandbox::World& world, int n, const std::string&) {
    if (n == 10) world.move_to_patient(moved, seeded.target, seeded.stranger);
    if (n == 60) world.move_to_patient(moved, seeded.stranger, seeded.target);
    if (n == 60) oracle().note_external_during(world, moved);
  });
  const std::string job = complete();
  EXPECT_EQ(number(job, "resourcesUpdated"), 101);
}

TEST_P(VerifyingEveryAge, FindsWhatIsCreatedAlthoughSomeMembersAreStampedFarAhead) {
  serve(GetParam());
  server.with_world([&](sandbox::World& world) {
    world.restamp(seeded.members[3], year_2031);
    world.restamp(seeded.members[4], year_2031 + day);
  });
  look();
  server.before_patch([&](sandbox::World& world, int n, const std::string&) {
    if (n == 60) create(world, "new");
  });
  complete();
  EXPECT_EQ(server.counters().writes_of("Flag/new"), 1);
}

std::string age_of(const testing::TestParamInfo<Paging>& tested) {
  return std::array{"Legacy", "Offset", "Cursor"}.at(static_cast<std::size_t>(tested.param));
}

INSTANTIATE_TEST_SUITE_P(OfThree, VerifyingEveryAge, testing::Values(Paging::legacy, Paging::offset, Paging::cursor),
                         age_of);

}  // namespace
