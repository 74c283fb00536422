#include "tests/worker/e2e/end_to_end.h"

namespace {

using sandbox::FaultKind;
using sandbox::Paging;
using sandbox::Request;
using sandbox::RequestKind;
using test::EndToEnd;
using test::organization;
using namespace std::chrono_literals;

class Compartment : public EndToEnd {
 protected:
  explicit Compartment(sandbox::ServerOptions options = {}) : EndToEnd(std::move(options)) {}

  sandbox::Seeded seed_and_look(std::size_t members) {
    auto seeded = seed({.members = members});
    look();
    return seeded;
  }
  void expect_right(const std::string& job) {
    EXPECT_EQ(field(job, "state"), "completed") << field(job, "error");
    EXPECT_EQ(wrong(), "");
    EXPECT_EQ(number(job, "resourcesUpdated"), oracle().resources_updated());
    EXPECT_EQ(server.counters().wasted_writes, 0);
  }
  const Request swap{"Patient/p", {organization(5)}, true};
};

class EveryAge : public Compartment, public testing::WithParamInterface<Paging> {};

TEST_P(EveryAge, IsReadToItsEnd) {
  seed_and_look(530);
  change_server([](sandbox::ServerOptions& options) { options.paging = GetParam(); });
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain({"--page-size", "50"}), 0) << said();
  expect_right(job);
}

TEST_P(EveryAge, IsReadPastTheOffsetLimit) {
  seed_and_look(530);
  change_server([](sandbox::ServerOptions& options) {
    options.paging = GetParam();
    options.offset_cap = 200;
  });
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain({"--page-size", "50"}), 0) << said();
  expect_right(job);
}

TEST_P(EveryAge, LosesNoResourceWhenOthersAreDeletedMeanwhile) {
  const auto seeded = seed_and_look(300);
  change_server([](sandbox::ServerOptions& options) { options.paging = GetParam(); });
  oracle().expect(swap);
  server.before_page([&](sandbox::World& world, int n, const std::string&) {
    if (n < 2 || n > 6) return;
    for (int i = 0; i < 5; ++i) {
      const std::string& doomed = seeded.members[static_cast<std::size_t>(n) * 5 + static_cast<std::size_t>(i)];
      if (!world.has(doomed)) continue;
      world.erase(doomed);
      oracle().forget(doomed);
    }
  });
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain({"--page-size", "50"}), 0) << said();
  EXPECT_EQ(field(job, "state"), "completed") << field(job, "error");
  EXPECT_EQ(wrong(), "");
}

TEST_P(EveryAge, IsJudgedByMetaCompartmentWithoutSearchModes) {
  seed_and_look(120);
  change_server([](sandbox::ServerOptions& options) {
    options.paging = GetParam();
    options.search_mode = false;
  });
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  expect_right(job);
}

TEST_P(EveryAge, IsJudgedByItsElementsWithNeitherSearchModesNorMetaCompartment) {
  seed_and_look(120);
  change_server([](sandbox::ServerOptions& options) {
    options.paging = GetParam();
    options.search_mode = false;
    options.compartment_in_meta = false;
  });
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  expect_right(job);
}

std::string age(const testing::TestParamInfo<Paging>& tested) {
  switch (tested.param) {
    case Paging::legacy:
      return "Legacy";
    case Paging::offset:
      return "Offset";
    case Paging::cursor:
      return "Cursor";
  }
  return "";
}

INSTANTIATE_TEST_SUITE_P(OfThree, EveryAge, testing::Values(Paging::legacy, Paging::offset, Paging::cursor), age);

/// So many resources of one millisecond that a page cannot hold them: no cursor gets past them.
class CrowdedMillisecond : public Compartment {
 protected:
  CrowdedMillisecond() : Compartment(crowded()) {}

 private:
  static sandbox::ServerOptions crowded() {
    sandbox::ServerOptions options;
    options.world.writes_per_ms = 100'000;
    return options;
  }
};

TEST_F(CrowdedMillisecond, IsReadOneTypeAtATime) {
  seed_and_look(200);
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain({"--page-size", "20"}), 0) << said();
  expect_right(job);
}

TEST_F(Compartment, FollowsLinksOfAnotherOriginOnItsOwnConnection) {
  seed_and_look(120);
  server.add_fault({.kind = FaultKind::next_origin, .on = RequestKind::page, .url = "http://elsewhere.invalid"});
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain({"--page-size", "50"}), 0) << said();
  expect_right(job);
}

TEST_F(Compartment, RefusesLinksThatLeadToAnotherCompartment) {
  const auto seeded = seed_and_look(120);
  server.add_fault({.kind = FaultKind::next_path,
                    .on = RequestKind::page,
                    .url = "/fhir/R4/" + seeded.stranger + "/$everything?_cursor=x"});
  const std::string job =
      enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true", "maxAttempts", "1"});
  EXPECT_EQ(drain({"--page-size", "50"}), 1);
  EXPECT_EQ(field(job, "state"), "failed");
  EXPECT_NE(field(job, "error").find("next link"), std::string::npos) << field(job, "error");
}

TEST_F(Compartment, EndsTheAttemptWhenLinksRunInACircle) {
  const auto seeded = seed_and_look(120);
  server.add_fault({.kind = FaultKind::next_loop, .on = RequestKind::page});
  const std::string job =
      enqueue({"target", seeded.target, "accounts", organization(5), "propagate", "true", "maxAttempts", "1"});
  EXPECT_EQ(drain({"--page-size", "50"}), 1);
  EXPECT_EQ(field(job, "state"), "failed");
  EXPECT_NE(field(job, "error").find("circle"), std::string::npos) << field(job, "error");
}

TEST_F(Compartment, KeepsWhatAnotherPatientGrantsToAResourceTheyShare) {
  const auto seeded = seed_and_look(100);
  ASSERT_FALSE(seeded.shared.empty());
  const Request remove_all{seeded.target, {}, true};
  oracle().expect(remove_all);
  const std::string job = enqueue(remove_all);
  ASSERT_EQ(drain(), 0) << said();
  expect_right(job);
  EXPECT_EQ(server.counters().requests_of("read"), 2) << "the target and the second patient, each once";
}

TEST_F(Compartment, LosesWhatTheTargetWasGivenWhileItWasBeingPlanned) {
  const auto seeded = seed({.members = 60, .other_accounts = {organization(7), organization(8)}});
  look();
  bool interfered = false;
  server.before_patch([&](sandbox::World& world, int, const std::string& reference) {
    if (reference != seeded.target || interfered) return;
    interfered = true;
    world.edit(reference, [](sandbox::Json& patient) {
      sandbox::JsonValue account(rapidjson::kObjectType);
      account.AddMember("reference", sandbox::JsonValue(organization(8).c_str(), patient.GetAllocator()),
                        patient.GetAllocator());
      patient["meta"]["accounts"].PushBack(account, patient.GetAllocator());
    });
    oracle().note_external(world, reference);
    oracle().expect(swap);
  });
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  ASSERT_TRUE(interfered);
  expect_right(job);
}

TEST_F(Compartment, KeepsEveryMemberOfAReferenceItCameWith) {
  const auto seeded = seed({.members = 30});
  server.with_world([&](sandbox::World& world) {
    world.edit(seeded.members[4], [](sandbox::Json& resource) {
      resource["meta"]["accounts"][0].AddMember("display", "Clinic at the lake", resource.GetAllocator());
    });
  });
  look();
  oracle().expect(swap);
  const std::string job = enqueue(swap);
  ASSERT_EQ(drain(), 0) << said();
  expect_right(job);
}

TEST_F(Compartment, IsProvenWithoutVerifyingOnlyWhenItCameByCursor) {
  const auto seeded = seed_and_look(150);
  for (const Paging paging : {Paging::cursor, Paging::offset}) {
    change_server([&](sandbox::ServerOptions& options) { options.paging = paging; });
    const std::string account = organization(paging == Paging::cursor ? 5 : 6);
    enqueue({"target", seeded.target, "accounts", account, "propagate", "true", "verify", "none"});
    ASSERT_EQ(drain({"--page-size", "50"}), 0) << said();
    EXPECT_EQ(owed(seeded.target).empty(), paging == Paging::cursor);
  }
}

}  // namespace
