#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fhir/compartment_definition.h"
#include "sandbox/patient_paths.h"

namespace {

template <class Range>
std::vector<std::string> sorted(const Range& range) {
  std::vector<std::string> all(std::begin(range), std::end(range));
  std::ranges::sort(all);
  return all;
}

TEST(CompartmentDefinition, IsTheOneThatTheSandboxDerivedOnItsOwn) {
  for (const auto type : fhir::patient_compartment_types())
    EXPECT_EQ(sorted(fhir::patient_reference_paths(type)), sorted(sandbox::patient_paths(type))) << type;
}

}  // namespace
