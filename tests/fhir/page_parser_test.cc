#include "fhir/page_parser.h"

#include <string>

#include <gtest/gtest.h>

namespace {

using fhir::Account;
using fhir::Entry;
using fhir::Page;
using fhir::parse_page;
using fhir::parse_resource;
using fhir::Reference;
using fhir::SearchMode;

const Reference parsed_for{"Patient", "p"};

std::string bundle(const std::string& entries) {
  return R"({"resourceType":"Bundle","type":"searchset","entry":[)" + entries + "]}";
}

Page page_of(const std::string& json) {
  auto page = parse_page(json, parsed_for);
  EXPECT_TRUE(page) << page.error().reason;
  return page ? *page : Page{};
}

/// The one entry of a Bundle with this resource.
Entry entry_of(const std::string& resource) {
  const Page page = page_of(bundle(R"({"resource":)" + resource + "}"));
  EXPECT_EQ(page.entries.size(), 1U);
  return page.entries.empty() ? Entry{} : page.entries.front();
}

std::string why_not(const std::string& json) {
  const auto page = parse_page(json, parsed_for);
  EXPECT_FALSE(page);
  return page ? "" : page.error().reason;
}

bool refers(const std::string& resource) {
  return entry_of(resource).refers_to_target;
}

TEST(PageParser, KeepsWhatIsNeededToJudgeAndToPatch) {
  const Page page =
      page_of(R"({"resourceType":"Bundle","link":[{"relation":"self","url":"a"},{"relation":"next","url":"b"}],
    "entry":[{"fullUrl":"http://x/Observation/o","search":{"mode":"match"},"resource":{
      "resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/p"},
      "meta":{"versionId":"v1","lastUpdated":"2026-01-01T00:00:00.000Z","project":"x",
        "account":{"reference":"Organization/a"},
        "accounts":[{"reference":"Organization/a","display":"A"},{"reference":"Organization/b"}],
        "compartment":[{"reference":"Project/x"},{"reference":"Patient/p"},{"reference":"Organization/a"}]}}}]})");
  EXPECT_EQ(page.next, "b");
  ASSERT_EQ(page.entries.size(), 1U);
  Entry expected;
  expected.reference = {"Observation", "o"};
  expected.version_id = "v1";
  expected.last_updated = "2026-01-01T00:00:00.000Z";
  expected.accounts.accounts = {{"Organization/a", R"({"reference":"Organization/a","display":"A"})"},
                                {"Organization/b", R"({"reference":"Organization/b"})"}};
  expected.accounts.single = Account{"Organization/a", R"({"reference":"Organization/a"})"};
  expected.has_compartment = true;
  expected.patients = {"Patient/p"};
  expected.refers_to_target = true;
  expected.mode = SearchMode::match;
  EXPECT_EQ(page.entries.front(), expected);
}

TEST(PageParser, TakesMembersInAnyOrder) {
  const Page page = page_of(R"({"entry":[{"resource":{"subject":{"reference":"Patient/p"},"meta":{"versionId":"v"},
    "id":"o","resourceType":"Observation"},"search":{"mode":"include"}}],
    "link":[{"url":"n","relation":"next"}],"resourceType":"Bundle"})");
  EXPECT_EQ(page.next, "n");
  ASSERT_EQ(page.entries.size(), 1U);
  EXPECT_EQ(page.entries[0].reference.str(), "Observation/o");
  EXPECT_EQ(page.entries[0].version_id, "v");
  EXPECT_EQ(page.entries[0].mode, SearchMode::include);
  EXPECT_TRUE(page.entries[0].refers_to_target);
}

TEST(PageParser, HasNoNextOnTheLastPage) {
  EXPECT_EQ(page_of(R"({"resourceType":"Bundle","link":[{"relation":"first","url":"a"}]})").next, "");
  EXPECT_TRUE(page_of(R"({"resourceType":"Bundle"})").entries.empty());
}

TEST(PageParser, DoesNotTakeContainedResourcesOrNestedMembersForTheResource) {
  const Entry entry = entry_of(R"({"resourceType":"Observation","id":"o",
    "contained":[{"resourceType":"Patient","id":"x","meta":{"versionId":"c","accounts":[{"reference":"A/c"}]},
      "subject":{"reference":"Patient/p"}}],
    "component":[{"id":"inner","resourceType":"Patient","meta":{"versionId":"n","compartment":[]}}],
    "meta":{"versionId":"v","extension":[{"versionId":"e","accounts":[{"reference":"A/e"}]}]}})");
  EXPECT_EQ(entry.reference.str(), "Observation/o");
  EXPECT_EQ(entry.version_id, "v");
  EXPECT_TRUE(entry.accounts.accounts.empty());
  EXPECT_FALSE(entry.has_compartment);
  EXPECT_FALSE(entry.refers_to_target);
}

TEST(PageParser, KeepsEveryMemberOfAnAccountWithNumbersAsWritten) {
  const std::string reference =
      R"({"extension":[{"url":"u","valueDecimal":1.50},{"url":"w","valueDecimal":-0.10e+2,"x":[true,null,{}]}],)"
      R"("reference":"Organization/a","identifier":{"reference":"Organization/inner"},"display":"Ä \"quoted\"\n"})";
  const Entry entry = entry_of(R"({"resourceType":"Flag","id":"f","meta":{"accounts":[)" + reference + "]}}");
  ASSERT_EQ(entry.accounts.accounts.size(), 1U);
  EXPECT_EQ(entry.accounts.accounts[0], (Account{"Organization/a", reference}));
}

TEST(PageParser, UnderstandsEscapes) {
  const Entry entry = entry_of(
      R"({"res\u006furceType":"Fl\u0061g","id":"\u0066","meta":{"vers\u0069onId":"\"v\\\u00e9\ud83d\ude00","accounts":[
          {"referenc\u0065":"Organization\/\u0061"}]}})");
  EXPECT_EQ(entry.reference.str(), "Flag/f");
  EXPECT_EQ(entry.version_id, "\"v\\é😀");
  EXPECT_EQ(entry.accounts.accounts.at(0), (Account{"Organization/a", R"({"reference":"Organization/a"})"}));
}

TEST(PageParser, LeavesOutEntriesThatCannotBeAddressed) {
  EXPECT_TRUE(page_of(bundle(R"({},{"resource":null},{"resource":{}},{"resource":{"resourceType":"Flag"}},
      {"resource":{"id":"f"}},{"resource":{"resourceType":"Flag","id":".."}},{"resource":{"resourceType":"Flag","id":7}},
      {"resource":{"resourceType":"fl/ag","id":"f"}},null,5,[{"resource":{"resourceType":"Flag","id":"f"}}])"))
                  .entries.empty());
}

TEST(PageParser, TakesIdsUpToTheGrammarsLimits) {
  const std::string longest(64, 'a');
  const auto entry = [](const std::string& id) {
    return R"({"resource":{"resourceType":"Flag","id":")" + id + "\"}},";
  };
  const Page page = page_of(bundle(entry(longest) + entry(longest + "a") + entry("-.A9") + entry("...") + entry("a_b") +
                                   entry("a/b") + entry("") + entry("\\u00e9") + entry("1") + "{}"));
  ASSERT_EQ(page.entries.size(), 4U);
  EXPECT_EQ(page.entries[0].reference.id, longest);
  EXPECT_EQ(page.entries[1].reference.id, "-.A9");
  EXPECT_EQ(page.entries[2].reference.id, "...");
  EXPECT_EQ(page.entries[3].reference.id, "1");
}

TEST(PageParser, TakesAResourceWhoseMetaIsMissingOrNoObject) {
  for (const std::string meta : {"", R"(,"meta":null)", R"(,"meta":"v")", R"(,"meta":[{"versionId":"v"}])"}) {
    const Entry entry = entry_of(R"({"resourceType":"Flag","id":"f")" + meta + "}");
    Entry bare;
    bare.reference = {"Flag", "f"};
    EXPECT_EQ(entry, bare) << meta;
  }
}

TEST(PageParser, TakesTheSearchModeBeforeOrAfterTheResource) {
  const std::string resource = R"("resource":{"resourceType":"Flag","id":"f"})", mode = R"("search":{"mode":"match"})";
  const Page page = page_of(bundle("{" + resource + "," + mode + "},{" + mode + "," + resource + "}"));
  ASSERT_EQ(page.entries.size(), 2U);
  EXPECT_EQ(page.entries[0], page.entries[1]);
  EXPECT_EQ(page.entries[0].mode, SearchMode::match);
}

TEST(PageParser, LetsNothingOfOneEntryIntoTheNext) {
  const Page page = page_of(bundle(R"({"search":{"mode":"match"},"resource":{"resourceType":"Flag","id":"f",
      "subject":{"reference":"Patient/p"},"meta":{"versionId":"v","compartment":[{"reference":"Patient/p"}],
      "account":{"reference":"A/a"},"accounts":[{"reference":"A/a"}]}}},{"resource":{"resourceType":"Flag","id":"g"}})"));
  ASSERT_EQ(page.entries.size(), 2U);
  Entry bare;
  bare.reference = {"Flag", "g"};
  EXPECT_EQ(page.entries[1], bare);
}

TEST(PageParser, TakesTheLastOfMembersOfOneName) {
  const Page page = page_of(R"({"resourceType":"X","link":[{"relation":"next","url":"a"}],"link":[],
    "entry":[{"resource":{"resourceType":"Flag","id":"gone"}}],"resourceType":"Bundle",
    "entry":[{"search":{"mode":"match"},"resource":{"resourceType":"Flag","id":"f","subject":{"reference":"Patient/p"},
      "meta":{"versionId":"v","compartment":[]}},"search":{},
      "resource":{"resourceType":"Encounter","resourceType":"Flag","id":"x","id":"g",
        "subject":{"reference":"Patient/p"},"subject":{"reference":"Patient/q"},
        "meta":{"versionId":"1","accounts":[{"reference":"A/a"}],"accounts":[{"reference":"A/x","reference":"A/b"}]}}}]})");
  EXPECT_EQ(page.next, "");
  ASSERT_EQ(page.entries.size(), 1U);
  Entry expected;
  expected.reference = {"Flag", "g"};
  expected.version_id = "1";
  expected.accounts.accounts = {{"A/b", R"({"reference":"A/x","reference":"A/b"})"}};
  expected.patients = {"Patient/q"};
  EXPECT_EQ(page.entries[0], expected);
}

TEST(PageParser, FindsTheTargetAtThePathsOfTheCompartmentDefinition) {
  EXPECT_TRUE(refers(R"({"resourceType":"Observation","id":"o","subject":{"reference":"Patient/p"}})"));
  EXPECT_TRUE(
      refers(R"({"performer":[{"reference":"X/y"},{"reference":"Patient/p"}],"resourceType":"Observation","id":"o"})"));
  EXPECT_TRUE(refers(R"({"resourceType":"Appointment","id":"a","participant":[{"actor":{"reference":"Patient/q"}},
      {"actor":{"display":"x","reference":"Patient/p"}}]})"));
  EXPECT_TRUE(refers(R"({"resourceType":"CarePlan","id":"a","activity":[{"detail":{"performer":[
      {"reference":"Patient/p"}]}}]})"));
  EXPECT_TRUE(refers(R"({"resourceType":"Task","id":"t","for":{"reference":"Patient/p"}})"));
}

TEST(PageParser, FindsTheTargetInAnAbsoluteOrVersionedReference) {
  const auto subject = [](const std::string& reference) {
    return refers(R"({"resourceType":"Flag","id":"f","subject":{"reference":")" + reference + R"("}})");
  };
  EXPECT_TRUE(subject("https://example.org/fhir/R4/Patient/p"));
  EXPECT_TRUE(subject("Patient/p/_history/7"));
  EXPECT_TRUE(subject("https://example.org/fhir/R4/Patient/p/_history/7"));
  EXPECT_FALSE(subject("https://example.org/fhir/R4/Patient/pp"));
  EXPECT_FALSE(subject("https://example.org/fhir/R4/OtherPatient/p"));
  EXPECT_FALSE(subject("Patient/p#x"));
  EXPECT_FALSE(subject("x/Patient/p"));
  EXPECT_FALSE(subject("Patient/p/"));
  EXPECT_FALSE(subject("Patient/pp"));
  EXPECT_FALSE(subject("#p"));
}

TEST(PageParser, TakesThePatientsOfTheElementsWhereMetaCompartmentIsNotShown) {
  const std::string participants = R"("resourceType":"Appointment","id":"a","participant":[
      {"actor":{"reference":"Patient/q"}},{"actor":{"reference":"https://h/fhir/Patient/p/_history/2"}},
      {"actor":{"reference":"Practitioner/x"}},{"actor":{"reference":"Patient/q"}},{"actor":{"reference":"Patient/.."}}])";
  EXPECT_EQ(entry_of("{" + participants + "}").patients, (std::vector<std::string>{"Patient/q", "Patient/p"}));
  EXPECT_TRUE(entry_of("{" + participants + R"(,"meta":{"compartment":[]}})").patients.empty());
}

TEST(PageParser, LetsNoOutcomeAmongTheEntriesStandForTheAnswer) {
  const Page page = page_of(R"({"resourceType":"Bundle","type":"searchset","total":7,"unknown":{"entry":[{}]},"entry":[
      {"search":{"mode":"outcome"},"resource":{"resourceType":"OperationOutcome","id":"o","issue":[{"severity":"warning",
        "code":"x","details":{"text":"some were left out"}}]}},
      {"search":{"mode":"outcome"},"resource":{"resourceType":"OperationOutcome","issue":[]}},
      {"search":{"mode":"match"},"resource":{"resourceType":"Flag","id":"f"}}]})");
  ASSERT_EQ(page.entries.size(), 2U);
  EXPECT_EQ(page.entries[0].mode, SearchMode::outcome);
  EXPECT_EQ(page.entries[1].reference.str(), "Flag/f");
}

TEST(PageParser, DoesNotTakeTheTargetElsewhereForMembership) {
  EXPECT_FALSE(refers(R"({"resourceType":"Observation","id":"o","focus":[{"reference":"Patient/p"}]})"));
  EXPECT_FALSE(refers(R"({"resourceType":"Practitioner","id":"o","subject":{"reference":"Patient/p"}})"));
  EXPECT_FALSE(refers(
      R"({"resourceType":"Observation","id":"o","subject":{"identifier":{"assigner":{"reference":"Patient/p"}}}})"));
  EXPECT_FALSE(refers(R"({"resourceType":"Observation","id":"o","subject":"Patient/p","reference":"Patient/p"})"));
  EXPECT_FALSE(refers(R"({"resourceType":"Appointment","id":"o","participant":[{"reference":"Patient/p"}]})"));
  EXPECT_FALSE(
      refers(R"({"resourceType":"Observation","id":"o","extension":[{"valueReference":{"reference":"Patient/p"}}]})"));
  EXPECT_FALSE(refers(
      R"({"resourceType":"CarePlan","id":"o","activity":[{"detail":{"performer":[{"a":{"reference":"Patient/p"}}]}}]})"));
}

TEST(PageParser, SaysWhatIsWrongAndWhereButNotWhatItRead) {
  EXPECT_EQ(why_not(R"({"resourceType":"Patient","id":"secret"})"), "a Patient, not a Bundle");
  EXPECT_EQ(why_not(R"({"resourceType":"<secret>"})"), "no FHIR resource, not a Bundle");
  EXPECT_EQ(why_not("[]"), "no FHIR resource, not a Bundle");
  EXPECT_EQ(why_not(""), "at byte 0: The document is empty.");
  EXPECT_EQ(why_not("<html>secret"), "at byte 0: Invalid value.");
  EXPECT_EQ(why_not(R"({"resourceType":"Bundle"} secret)"),
            "at byte 26: The document root must not be followed by other values.");
  EXPECT_EQ(why_not(R"({"resourceType":"Bun)"), "at byte 20: Missing a closing quotation mark in string.");
  EXPECT_EQ(why_not(std::string("{\"resourceType\":\"Bundle\"}\0x", 27)), "at byte 25: More follows after the end.");
  EXPECT_EQ(why_not("{\"a\":\"\xc3\x28\"}"), "at byte 6: Invalid encoding in string.");
}

TEST(PageParser, SaysWhatTheServerSaidInsteadOfAPage) {
  const std::string outcome = R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"x",
      "details":{"text":"Search offset exceeds maximum"}}]})";
  EXPECT_EQ(why_not(outcome), "an OperationOutcome: Search offset exceeds maximum");
  const auto resource = parse_resource(outcome, parsed_for);
  ASSERT_FALSE(resource);
  EXPECT_EQ(resource.error().reason, "an OperationOutcome: Search offset exceeds maximum");
}

TEST(PageParser, RefusesDeepNestingWithoutUsingUpTheStack) {
  const std::string deep = R"({"resourceType":"Bundle","x":)" + std::string(1'000'000, '[');
  EXPECT_EQ(why_not(deep), "at byte 93: is nested deeper than 64 levels");
  const std::string account = bundle(R"({"resource":{"resourceType":"Flag","id":"f","meta":{"accounts":[{"a":)" +
                                     std::string(100, '[') + std::string(100, ']') + "}]}}}");
  EXPECT_NE(why_not(account).find("deeper than 64"), std::string::npos);
}

TEST(PageParser, ReadsASingleResource) {
  const auto entry = parse_resource(
      R"({"meta":{"versionId":"v"},"subject":{"reference":"Patient/p"},"id":"f","resourceType":"Flag"})", parsed_for);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->reference.str(), "Flag/f");
  EXPECT_EQ(entry->version_id, "v");
  EXPECT_TRUE(entry->refers_to_target);
  EXPECT_FALSE(parse_resource(R"({"resourceType":"Flag"})", parsed_for));
  EXPECT_FALSE(parse_resource(R"([{"resourceType":"Flag","id":"f"}])", parsed_for));
}

}  // namespace
