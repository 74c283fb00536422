#include <algorithm>
#include <optional>
#include <regex>
#include <string>
#include <utility>

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "fhir/compartment_definition.h"
#include "fhir/page_parser.h"
#include "tests/fhir/random_page.h"

namespace {

using boost::json::value;
using fhir::Account;
using fhir::Entry;
using fhir::Page;
using oracle::Dice;
using oracle::member;
using oracle::string;

const fhir::Reference target{"Patient", "p"};

/// Every object that `path` leads to, through arrays of any depth.
template <class Visit>
void visit_objects(const value* at, std::string_view path, Visit visit) {
  if (at == nullptr) return;
  if (at->is_array())
    for (const value& element : at->get_array()) visit_objects(&element, path, visit);
  if (!at->is_object()) return;
  if (path.empty()) return visit(*at);
  const auto dot = path.find('.');
  visit_objects(member(at, path.substr(0, dot)), dot == std::string_view::npos ? "" : path.substr(dot + 1), visit);
}

bool refers_to_target(const value& resource, std::string_view type) {
  static const std::regex names_target("(https?://[^/]+/(.*/)?)?Patient/p(/_history/.*)?");
  bool found = false;
  for (const std::string_view path : fhir::patient_reference_paths(type))
    visit_objects(&resource, path, [&](const value& reference) {
      found = found || std::regex_match(string(member(&reference, "reference")), names_target);
    });
  return found;
}

Account read_account(const value& reference) {
  return {string(member(&reference, "reference")), boost::json::serialize(reference)};
}

fhir::AccountState read_accounts(const value* meta) {
  fhir::AccountState state;
  if (const value* single = member(meta, "account"); single != nullptr && single->is_object())
    state.single = read_account(*single);
  if (const value* list = member(meta, "accounts"); list != nullptr && list->is_array())
    for (const value& account : list->get_array())
      if (account.is_object()) state.accounts.push_back(read_account(account));
  return state;
}

std::vector<std::string> read_patients(const value* compartment) {
  std::vector<std::string> patients;
  if (compartment == nullptr || !compartment->is_array()) return patients;
  for (const value& reference : compartment->get_array()) {
    const auto text = string(member(&reference, "reference"));
    if (std::regex_match(text, std::regex("Patient/[A-Za-z0-9.-]{1,64}"))) patients.push_back(text);
  }
  return patients;
}

fhir::SearchMode read_mode(const std::string& mode) {
  if (mode == "match") return fhir::SearchMode::match;
  if (mode == "include") return fhir::SearchMode::include;
  return mode == "outcome" ? fhir::SearchMode::outcome : fhir::SearchMode::none;
}

std::optional<Entry> read_entry(const value& from) {
  const value* resource = member(&from, "resource");
  Entry entry;
  entry.reference = {string(member(resource, "resourceType")), string(member(resource, "id"))};
  if (!fhir::parse_reference(entry.reference.str())) return std::nullopt;
  const value* meta = member(resource, "meta");
  const value* compartment = member(meta, "compartment");
  entry.version_id = string(member(meta, "versionId"));
  entry.last_updated = string(member(meta, "lastUpdated"));
  entry.accounts = read_accounts(meta);
  entry.has_compartment = compartment != nullptr && compartment->is_array();
  entry.patients = read_patients(compartment);
  entry.refers_to_target = refers_to_target(*resource, entry.reference.type);
  entry.mode = read_mode(string(member(member(&from, "search"), "mode")));
  return entry;
}

/// The straightforward reading: the whole document first, then what we want of it.
std::optional<Page> read_page(const value& bundle) {
  if (string(member(&bundle, "resourceType")) != "Bundle") return std::nullopt;
  Page page;
  if (const value* links = member(&bundle, "link"); links != nullptr && links->is_array())
    for (const value& link : links->get_array())
      if (string(member(&link, "relation")) == "next") page.next = string(member(&link, "url"));
  if (const value* entries = member(&bundle, "entry"); entries != nullptr && entries->is_array())
    for (const value& from : entries->get_array())
      if (auto entry = read_entry(from)) page.entries.push_back(*std::move(entry));
  return page;
}

/// The two libraries write the same JSON differently; what it means must be the same.
void write_alike(Entry& entry) {
  const auto rewrite = [](Account& account) { account.json = boost::json::serialize(oracle::parse(account.json)); };
  std::ranges::for_each(entry.accounts.accounts, rewrite);
  if (entry.accounts.single) rewrite(*entry.accounts.single);
}

TEST(PageParser, ReadsWhatAReaderOfWholeDocumentsReads) {
  std::size_t pages = 0, entries = 0, referring = 0;
  for (unsigned seed = 1; seed <= 2000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    const std::string json = oracle::random_bundle(dice);
    const auto expected = read_page(oracle::parse(json));
    auto page = fhir::parse_page(json, target);

    ASSERT_EQ(page.has_value(), expected.has_value()) << json;
    if (!page || !expected) continue;
    std::ranges::for_each(page->entries, write_alike);
    EXPECT_EQ(page->next, expected->next) << json;
    EXPECT_EQ(page->entries, expected->entries) << json;
    ++pages;
    entries += page->entries.size();
    referring += static_cast<std::size_t>(std::ranges::count(page->entries, true, &Entry::refers_to_target));
  }
  EXPECT_GT(pages, 1500U);
  EXPECT_GT(entries, 1000U);
  EXPECT_GT(referring, 150U) << "the random pages must hold what the test is about";
}

TEST(PageParser, RefusesAPageThatIsCutOffAnywhere) {
  for (unsigned seed = 1; seed <= 15 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    const std::string json = oracle::random_bundle(dice);
    for (std::size_t size = 0; size < json.size(); ++size)
      ASSERT_FALSE(fhir::parse_page(json.substr(0, size), target)) << size;
  }
}

TEST(PageParser, SurvivesAnyDamage) {
  for (unsigned seed = 1; seed <= 1500; ++seed) {
    Dice dice(seed);
    std::string json = oracle::random_bundle(dice);
    for (std::size_t count = 1 + dice.below(3); count > 0; --count)
      json[dice.below(json.size())] = static_cast<char>(dice.below(256));
    const auto page = fhir::parse_page(json, target);
    if (!page) EXPECT_FALSE(page.error().reason.empty()) << "seed " << seed;
  }
}

}  // namespace
