#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "fhir/page_parser.h"
#include "tests/fhir/page_oracle.h"
#include "tests/fhir/plain_reading.h"
#include "tests/fhir/random_page.h"

namespace {

using fhir::Entry;
using oracle::Dice;

const fhir::Reference property_target{"Patient", "p"};

TEST(PageParser, ReadsWhatAReaderOfWholeDocumentsReads) {
  std::size_t pages = 0, entries = 0, referring = 0;
  for (unsigned seed = 1; seed <= 2000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    const std::string json = oracle::random_bundle(dice);
    const auto expected = oracle::read_page(oracle::parse(json), property_target);
    auto page = fhir::parse_page(json, property_target);

    ASSERT_EQ(page.has_value(), expected.has_value()) << json;
    if (!page || !expected) continue;
    std::ranges::for_each(page->entries, oracle::write_alike);
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
      ASSERT_FALSE(fhir::parse_page(json.substr(0, size), property_target)) << size;
  }
}

/// The same answer in every word, and the same entries to the letter.
void expect_same(const std::string& json) {
  const auto page = fhir::parse_page(json, property_target), plainly = oracle::read_page_plainly(json, property_target);
  ASSERT_EQ(page.has_value(), plainly.has_value()) << json;
  if (!page) {
    if (page.error().reason.starts_with("at byte")) EXPECT_EQ(page.error().reason, plainly.error().reason) << json;
    return;
  }
  EXPECT_EQ(page->next, plainly->next) << json;
  EXPECT_EQ(page->entries, plainly->entries) << json;
}

TEST(PageParser, ReadsAsIfItHadSkippedNothing) {
  for (unsigned seed = 1; seed <= 2000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    expect_same(oracle::random_bundle(dice));
  }
}

TEST(PageParser, SaysOfAnyDamageWhatItWouldSayHadItSkippedNothing) {
  std::size_t refused = 0;
  for (unsigned seed = 1; seed <= 5000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    std::string json = oracle::random_bundle(dice);
    for (std::size_t count = 1 + dice.below(3); count > 0; --count)
      json[dice.below(json.size())] = static_cast<char>(dice.below(256));
    expect_same(json);
    refused += fhir::parse_page(json, property_target) ? 0 : 1;
  }
  EXPECT_GT(refused, 1000U);
}

}  // namespace
