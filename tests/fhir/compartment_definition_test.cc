#include "fhir/compartment_definition.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace {

using fhir::patient_compartment_types;
using fhir::patient_reference_paths;
using Paths = std::vector<std::string_view>;

Paths paths(std::string_view type) {
  const auto found = patient_reference_paths(type);
  return {found.begin(), found.end()};
}

TEST(CompartmentDefinition, ListsTheOfficialTypesWithoutPatientAndWithTask) {
  const auto types = patient_compartment_types();
  EXPECT_EQ(types.size(), 66U);
  EXPECT_TRUE(std::ranges::is_sorted(types));
  EXPECT_EQ(std::ranges::count(types, "Task"), 1);
  for (const char* never : {"Patient", "Practitioner", "Organization", "Location", "Device", "Binary", "Medication"})
    EXPECT_EQ(std::ranges::count(types, never), 0) << never;
}

TEST(CompartmentDefinition, HasPathsForEveryTypeItListsAndNoOther) {
  for (const auto type : patient_compartment_types()) EXPECT_FALSE(patient_reference_paths(type).empty()) << type;
  for (const char* never : {"Patient", "Practitioner", "", "A", "Zzz"}) EXPECT_TRUE(paths(never).empty()) << never;
}

TEST(CompartmentDefinition, NamesElementsOfResourcesAndNotSearchParameters) {
  EXPECT_EQ(paths("Account"), (Paths{"subject"}));
  EXPECT_EQ(paths("Appointment"), (Paths{"participant.actor"}));
  EXPECT_EQ(paths("AuditEvent"), (Paths{"agent.who", "entity.what"}));
  EXPECT_EQ(paths("CarePlan"), (Paths{"subject", "activity.detail.performer"}));
  EXPECT_EQ(paths("Coverage"), (Paths{"policyHolder", "subscriber", "beneficiary", "payor"}));
  EXPECT_EQ(paths("EnrollmentRequest"), (Paths{"candidate"}));
  EXPECT_EQ(paths("Observation"), (Paths{"subject", "performer"}));
  EXPECT_EQ(paths("SupplyRequest"), (Paths{"deliverTo"}));
  EXPECT_EQ(paths("Task"), (Paths{"for", "focus"}));
  EXPECT_EQ(paths("VisionPrescription"), (Paths{"patient"}));
}

}  // namespace
