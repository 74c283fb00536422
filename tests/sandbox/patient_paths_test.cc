#include "sandbox/patient_paths.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "sandbox/compartment.h"

using namespace sandbox;

namespace {

using Patients = std::vector<std::string>;

TEST(PatientPaths, AreKnownFor67TypesInAlphabeticalOrder) {
  EXPECT_EQ(patient_types().size(), 67U);
  EXPECT_TRUE(std::ranges::is_sorted(patient_types()));
  for (const std::string_view type : patient_types()) EXPECT_FALSE(patient_paths(type).empty()) << type;
}

TEST(PatientPaths, AreNoneForTypesThatAreNeverMembers) {
  for (const char* type : {"Binary", "Device", "Organization", "Practitioner", "PractitionerRole", "Location",
                           "Medication", "Contract", "Bundle", "PaymentNotice", ""}) {
    EXPECT_TRUE(patient_paths(type).empty()) << type;
  }
}

TEST(PatientPaths, LeadIntoNestedElementsAndArrays) {
  EXPECT_EQ(patients_of(parsed(R"({"resourceType":"Appointment","participant":[{"actor":{"reference":"Patient/a"}},
      {"actor":{"reference":"Practitioner/b"}},{"actor":{"reference":"Patient/c"}},{"actor":{"reference":"Patient/a"}}]})")),
            (Patients{"Patient/a", "Patient/c"}));
  EXPECT_EQ(patients_of(parsed(R"({"resourceType":"CarePlan","activity":[{"detail":{"performer":[
      {"reference":"Patient/a"}]}}]})")),
            Patients{"Patient/a"});
  EXPECT_EQ(patients_of(parsed(R"({"resourceType":"Group","member":[{"entity":{"reference":"Patient/a"}}]})")),
            Patients{"Patient/a"});
}

TEST(PatientPaths, AreTheOnlyPlacesThatCount) {
  EXPECT_TRUE(patients_of(parsed(R"({"resourceType":"Device","patient":{"reference":"Patient/a"}})")).empty());
  EXPECT_TRUE(patients_of(parsed(R"({"resourceType":"Encounter","participant":[{"individual":
      {"reference":"Patient/a"}}],"contained":[{"resourceType":"Coverage","beneficiary":{"reference":"Patient/b"}}]})"))
                  .empty());
  EXPECT_TRUE(patients_of(parsed(R"({"resourceType":"Observation","subject":{"reference":"Group/a"},
      "performer":[{"reference":"urn:uuid:1"},{"reference":"Patient?identifier=1"}]})"))
                  .empty());
}

TEST(PatientPaths, PutAPatientIntoHisOwnCompartmentAndThatOfThoseHeIsLinkedTo) {
  EXPECT_EQ(patients_of(parsed(R"({"resourceType":"Patient","id":"a","link":[{"other":{"reference":"Patient/b"}}]})")),
            (Patients{"Patient/a", "Patient/b"}));
}

}  // namespace
