#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "sandbox/page_request.h"
#include "sandbox/served_patient.h"

using namespace sandbox;

namespace {

ServerOptions with_paging(Paging paging) {
  ServerOptions options;
  options.paging = paging;
  return options;
}

/// Everything that following `next` from `first` brings, in order, with repetitions.
std::vector<std::string> read_all(ServedPatient& served, const std::string& first) {
  std::vector<std::string> all;
  std::string at = first;
  while (!at.empty()) {
    const Reply page = served.page(at);
    if (page.status != 200) throw std::runtime_error(page.body);
    for (const std::string& entry : entries(page)) all.push_back(entry);
    at = next_of(page);
  }
  return all;
}

std::set<std::string> set_of(const std::vector<std::string>& references) {
  return {references.begin(), references.end()};
}

std::set<std::string> whole_compartment(const Seeded& seeded) {
  std::set<std::string> all(seeded.members.begin(), seeded.members.end());
  all.insert({seeded.target, seeded.linked});
  return all;
}

class EveryPaging : public testing::TestWithParam<Paging> {};

TEST_P(EveryPaging, ListsTheWholeCompartmentOnceAndNothingElseAsMatch) {
  ServedPatient served(with_paging(GetParam()));
  const std::vector<std::string> all = read_all(served, everything + "?_count=20");
  EXPECT_EQ(all.size(), 102U);
  EXPECT_EQ(set_of(all), whole_compartment(served.seeded));
}

TEST_P(EveryPaging, SaysNoTotalAndCutsCountAtAThousand) {
  Seeding seeding;
  seeding.members = 1200;
  ServedPatient served(with_paging(GetParam()), seeding);
  for (const char* count : {"", "?_count=5000", "?_count=1000"}) {
    const Reply page = served.page(everything + count);
    EXPECT_EQ(entries(page).size(), 1000U);
    EXPECT_FALSE(member(page.json(), "total"));
    EXPECT_FALSE(next_of(page).empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Paging, EveryPaging, testing::Values(Paging::legacy, Paging::offset, Paging::cursor));

TEST(CursorPaging, SortsByLastUpdatedAndLeadsOnByCursor) {
  ServedPatient served;
  const Reply first = served.page(everything + "?_count=20");
  EXPECT_EQ(entries(first).front(), "Patient/p");
  const std::string next = next_of(first);
  EXPECT_TRUE(next.starts_with(served.server.fhir_url() + "/Patient/p/$everything?_count=20&_cursor=2-17672256"))
      << next;
  EXPECT_EQ(next.find("_offset"), std::string::npos);
}

TEST(CursorPaging, BringsWhatWasPatchedMeanwhileAgainAtTheEnd) {
  ServedPatient served;
  const Reply first = served.page(everything + "?_count=20");
  const std::string patched = entries(first)[5];
  served.patch(patched, set_accounts_patch({account(3)}));
  const std::vector<std::string> rest = read_all(served, next_of(first));
  EXPECT_EQ(rest.back(), patched);
  EXPECT_EQ(rest.size(), 83U);
}

TEST(CursorPaging, NeverSkipsWhateverIsDeletedOrPatched) {
  ServedPatient served;
  std::set<std::string> seen;
  std::string at = everything + "?_count=20";
  while (!at.empty() && seen.size() < 102) {
    const Reply page = served.page(at);
    for (const std::string& entry : entries(page)) {
      if (!seen.insert(entry).second || entry.starts_with("Patient/")) continue;
      if (seen.size() % 3 == 0) served.server.with_world([&](World& world) { world.erase(entry); });
      if (seen.size() % 3 == 1) served.patch(entry, set_accounts_patch({account(3)}));
    }
    at = next_of(page);
  }
  EXPECT_EQ(seen, whole_compartment(served.seeded));
}

TEST(CursorPaging, NamesTheResourcesOfOneMillisecondThatWereOnThePage) {
  ServerOptions options;
  options.world.writes_per_ms = 7;
  ServedPatient served(options);
  const Reply first = served.page(everything + "?_count=20");
  EXPECT_NE(next_of(first).find("-p-m-"), std::string::npos) << next_of(first);
  const std::vector<std::string> all = read_all(served, everything + "?_count=20");
  EXPECT_EQ(all.size(), 102U);
  EXPECT_EQ(set_of(all), whole_compartment(served.seeded));
}

TEST(CursorPaging, FailsWhereAPageAndOneMoreAreOfOneMillisecond) {
  ServerOptions options;
  options.world.writes_per_ms = 1000;
  ServedPatient served(options);
  const Reply page = served.page(everything + "?_count=20");
  EXPECT_EQ(page.status, 500U);
  EXPECT_EQ(page.text(), "Cursor fails to make progress");
  EXPECT_EQ(served.page(everything + "?_count=1000").status, 200U);
}

TEST(CursorPaging, FallsBackToAnOffsetForSmallPagesAndThenSkipsWhatIsPatched) {
  ServedPatient served;
  const Reply first = served.page(everything + "?_count=19");
  EXPECT_NE(next_of(first).find("_offset=19"), std::string::npos);
  for (const std::string& entry : entries(first)) served.patch(entry, set_accounts_patch({account(3)}));
  const std::set<std::string> rest = set_of(read_all(served, next_of(first)));
  EXPECT_EQ(rest.count(served.seeded.members[20]), 0U) << "moved up into the page that was read already";
  const Reply offset = served.page(everything + "?_count=20&_offset=20");
  EXPECT_NE(next_of(offset).find("_offset=40"), std::string::npos);
}

TEST(OffsetPaging, SortsByIdAndSkipsAResourceWhenAnEarlierOneIsDeleted) {
  ServedPatient served(with_paging(Paging::offset));
  const Reply first = served.page(everything + "?_count=20");
  const std::vector<std::string> page = entries(first);
  EXPECT_TRUE(std::ranges::is_sorted(page, {}, [](const std::string& each) { return each.substr(each.find('/')); }));
  EXPECT_EQ(next_of(first), served.server.fhir_url() + "/Patient/p/$everything?_count=20&_offset=20");
  served.server.with_world([&](World& world) { world.erase(page[7]); });
  const std::vector<std::string> rest = read_all(served, next_of(first));
  EXPECT_EQ(rest.size(), 81U) << "one that is still there was skipped";
}

TEST(OffsetPaging, IsNotDisturbedByPatches) {
  ServedPatient served(with_paging(Paging::offset));
  const Reply first = served.page(everything + "?_count=20");
  for (const std::string& entry : entries(first)) served.patch(entry, set_accounts_patch({account(3)}));
  EXPECT_EQ(read_all(served, next_of(first)).size(), 82U);
}

TEST(OffsetPaging, EndsAtTheCap) {
  ServerOptions options = with_paging(Paging::offset);
  options.offset_cap = 40;
  ServedPatient served(options);
  EXPECT_EQ(served.page(everything + "?_count=20&_offset=40").status, 200U);
  const Reply beyond = served.page(everything + "?_count=20&_offset=60");
  EXPECT_EQ(beyond.status, 400U);
  EXPECT_EQ(beyond.text(), "Search offset exceeds maximum (got 60, max 40)");
}

TEST(LegacyPaging, LeadsOnToAPlainSearchWithoutIncludes) {
  ServedPatient served(with_paging(Paging::legacy));
  const Reply first = served.page(everything + "?_count=20");
  EXPECT_FALSE(entries(first, "include").empty());
  const std::string next = next_of(first);
  EXPECT_TRUE(next.starts_with(served.server.fhir_url() +
                               "/Patient?_compartment=Patient%2Fp&_count=20&_offset=20&_sort=_id&"
                               "_type=Account%2CAdverseEvent%2C"))
      << next;
  EXPECT_TRUE(entries(served.page(next), "include").empty());
}

TEST(Includes, BringReferredResourcesAndInExtendedModeTheAccountOrganisations) {
  ServedPatient served;
  const std::set<std::string> plain = set_of(entries(served.page(everything, {}), "include"));
  const std::set<std::string> whole = set_of(entries(served.page(everything), "include"));
  for (const char* name : {"Organization/p-organization-1", "Practitioner/p-practitioner-1", "Location/p-location-1",
                           "Medication/p-medication-1", "Device/p-device-1"}) {
    EXPECT_EQ(plain.count(name), 1U) << name;
  }
  EXPECT_EQ(plain.count(account(1)), 0U);
  EXPECT_EQ(whole.count(account(1)), 1U);
  EXPECT_EQ(whole.count("PractitionerRole/p-role-1"), 0U) << "nobody refers to it";
}

TEST(Includes, FollowReferencesOfIncludedResources) {
  ServedPatient served;
  served.server.with_world([](World& world) {
    world.put(R"({"resourceType":"Organization","id":"parent","name":"Holding"})");
    world.edit("Organization/p-organization-1", [](Json& resource) {
      const Json parent = parsed(R"({"reference":"Organization/parent"})");
      set_member(resource, "partOf", JsonValue(parent, resource.GetAllocator()), resource.GetAllocator());
    });
  });
  EXPECT_EQ(set_of(entries(served.page(everything, {}), "include")).count("Organization/parent"), 1U);
}

TEST(Everything, LimitsToTypesAndToWhatIsNewer) {
  ServedPatient served;
  for (const char* types : {"?_type=Goal,Task", "?_type=Goal&_type=Task"}) {
    for (const std::string& entry : entries(served.page(everything + types))) {
      EXPECT_TRUE(entry.starts_with("Goal/") || entry.starts_with("Task/")) << entry;
    }
  }
  const std::string touched = served.seeded.members[3];
  served.patch(touched, set_accounts_patch({account(3)}));
  const Json resource = served.get(touched).json();
  const std::string since(text_member(resource["meta"], "lastUpdated"));
  EXPECT_EQ(entries(served.page(everything + "?_since=" + since)), std::vector<std::string>{touched});
}

TEST(Everything, CanLeaveOutSearchModeAndCompartment) {
  ServerOptions options;
  options.search_mode = false;
  options.compartment_in_meta = false;
  ServedPatient served(options);
  const Json bundle = served.page(everything).json();
  for (const JsonValue& entry : bundle["entry"].GetArray()) {
    EXPECT_FALSE(member(entry, "search"));
    EXPECT_FALSE(member(entry["resource"]["meta"], "compartment"));
    EXPECT_TRUE(member(entry["resource"]["meta"], "author"));
  }
}

TEST(Everything, MakesLinksOfThePublicBase) {
  ServerOptions options;
  options.public_base = "https://fhir.example.org/";
  ServedPatient served(options);
  EXPECT_TRUE(
      next_of(served.page(everything + "?_count=20")).starts_with("https://fhir.example.org/fhir/R4/Patient/p/"));
}

TEST(Everything, IsOnlyThereForAPatientThatIs) {
  ServedPatient served;
  EXPECT_EQ(served.page("Patient/nobody/$everything").status, 404U);
  EXPECT_EQ(served.page("Observation/p-m-0/$everything").status, 404U);
  EXPECT_EQ(served.page(everything + "?_count=many").status, 400U);
  served.server.with_world([](World& world) { world.erase("Patient/p"); });
  EXPECT_EQ(served.page(everything).status, 410U);
}

TEST(Search, PagesACompartmentByCursorWhateverTheRelease) {
  ServerOptions options = with_paging(Paging::legacy);
  options.offset_cap = 0;
  ServedPatient served(options);
  const std::string search = "Patient?_compartment=Patient/p&_sort=_lastUpdated&_count=20&_type=";
  const std::vector<std::string> found = read_all(served, search + "Observation,Claim,Patient");
  EXPECT_TRUE(std::ranges::all_of(found, [](const std::string& each) {
    return each.starts_with("Observation/") || each.starts_with("Claim/") || each.starts_with("Patient/");
  }));
  EXPECT_GT(found.size(), 30U);
  EXPECT_EQ(read_all(served, "Goal?_compartment=Patient/p&_sort=_id").size(), 3U);
}

TEST(Search, RefusesWhatItDoesNotKnow) {
  ServedPatient served;
  EXPECT_EQ(served.page("Patient?_compartment=Patient/p&_since=2020-01-01").text(),
            "Unknown search parameter: _since for resource type Patient");
  EXPECT_EQ(served.page("Patient?_count=10").status, 400U);
}

TEST(Cursors, AreReadAsTheyAreWritten) {
  const Cursor cursor{1'767'225'600'123, {"a-1", "b-2"}};
  const Cursor read = parse_cursor(to_text(cursor)).value_or(Cursor{});
  EXPECT_EQ(read.instant, cursor.instant);
  EXPECT_EQ(set_of(read.excluded), set_of(cursor.excluded));
  EXPECT_FALSE(parse_cursor("3-5"));
}

}  // namespace
