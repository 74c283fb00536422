#include "fhir/membership.h"

#include <initializer_list>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

using fhir::Entry;
using fhir::is_member;
using fhir::is_member_by_compartment;
using fhir::Reference;
using fhir::SearchMode;

const Reference target{"Patient", "p"};

Entry entry(const std::string& type, SearchMode mode) {
  Entry entry;
  entry.reference = {type, "x"};
  entry.mode = mode;
  return entry;
}

Entry in_compartments_of(std::vector<std::string> patients, bool refers_to_target = false) {
  Entry member = entry("Observation", SearchMode::none);
  member.has_compartment = true;
  member.patients = std::move(patients);
  member.refers_to_target = refers_to_target;
  return member;
}

TEST(Membership, IsWhatTheSearchMatched) {
  EXPECT_TRUE(is_member(entry("Observation", SearchMode::match), target));
  EXPECT_TRUE(is_member(entry("SomeNewType", SearchMode::match), target))
      << "the server knows its own compartment best";
}

TEST(Membership, IsNeverWhatTheSearchOnlyIncluded) {
  for (const SearchMode mode : {SearchMode::include, SearchMode::outcome}) {
    Entry included = in_compartments_of({"Patient/p"}, true);
    included.mode = mode;
    EXPECT_FALSE(is_member(included, target));
  }
}

TEST(Membership, IsInMetaCompartmentWhereThereIsNoMode) {
  EXPECT_TRUE(is_member(in_compartments_of({"Patient/q", "Patient/p"}), target));
  EXPECT_FALSE(is_member(in_compartments_of({"Patient/q"}, true), target)) << "meta.compartment outweighs the elements";
  EXPECT_FALSE(is_member(in_compartments_of({}, true), target));
}

TEST(Membership, IsInTheElementsWhereThereIsNeither) {
  Entry bare = entry("Observation", SearchMode::none);
  EXPECT_FALSE(is_member(bare, target));
  bare.refers_to_target = true;
  EXPECT_TRUE(is_member(bare, target));
}

TEST(Membership, IsNotForPatientsBinariesAndTheTargetItself) {
  for (const char* type : {"Patient", "Binary"})
    for (const SearchMode mode : {SearchMode::match, SearchMode::none}) {
      Entry other = entry(type, mode);
      other.has_compartment = true;
      other.patients = {"Patient/p"};
      other.refers_to_target = true;
      EXPECT_FALSE(is_member(other, target)) << type;
      EXPECT_FALSE(is_member_by_compartment(other, target)) << type;
    }
  Entry self = entry("Group", SearchMode::match);
  EXPECT_FALSE(is_member(self, self.reference));
}

TEST(Membership, OfAResourceReadAloneDoesNotLookAtAMode) {
  Entry moved = in_compartments_of({"Patient/q"});
  moved.mode = SearchMode::match;
  EXPECT_FALSE(is_member_by_compartment(moved, target));
}

}  // namespace
