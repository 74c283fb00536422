#include "fhir/compartment_definition.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fhir {

namespace {

constexpr std::size_t most_paths = 4;

struct Row {
  std::string_view type;
  std::array<std::string_view, most_paths> paths;
};

/// Each path is the expression of a search parameter that the definition names for the type, less the type itself and
/// `.where(resolve() is Patient)`. The definition also lists Patient (link.other); it has no row here, because a
/// Patient is never a member. Task (its parameters `patient` and `focus`) is Medplum's addition.
constexpr std::array rows{
    Row{"Account", {"subject"}},
    Row{"AdverseEvent", {"subject"}},
    Row{"AllergyIntolerance", {"patient", "recorder", "asserter"}},
    Row{"Appointment", {"participant.actor"}},
    Row{"AppointmentResponse", {"actor"}},
    Row{"AuditEvent", {"agent.who", "entity.what"}},
    Row{"Basic", {"subject", "author"}},
    Row{"BodyStructure", {"patient"}},
    Row{"CarePlan", {"subject", "activity.detail.performer"}},
    Row{"CareTeam", {"subject", "participant.member"}},
    Row{"ChargeItem", {"subject"}},
    Row{"Claim", {"patient", "payee.party"}},
    Row{"ClaimResponse", {"patient"}},
    Row{"ClinicalImpression", {"subject"}},
    Row{"Communication", {"subject", "sender", "recipient"}},
    Row{"CommunicationRequest", {"subject", "sender", "recipient", "requester"}},
    Row{"Composition", {"subject", "author", "attester.party"}},
    Row{"Condition", {"subject", "asserter"}},
    Row{"Consent", {"patient"}},
    Row{"Coverage", {"policyHolder", "subscriber", "beneficiary", "payor"}},
    Row{"CoverageEligibilityRequest", {"patient"}},
    Row{"CoverageEligibilityResponse", {"patient"}},
    Row{"DetectedIssue", {"patient"}},
    Row{"DeviceRequest", {"subject", "performer"}},
    Row{"DeviceUseStatement", {"subject"}},
    Row{"DiagnosticReport", {"subject"}},
    Row{"DocumentManifest", {"subject", "author", "recipient"}},
    Row{"DocumentReference", {"subject", "author"}},
    Row{"Encounter", {"subject"}},
    Row{"EnrollmentRequest", {"candidate"}},
    Row{"EpisodeOfCare", {"patient"}},
    Row{"ExplanationOfBenefit", {"patient", "payee.party"}},
    Row{"FamilyMemberHistory", {"patient"}},
    Row{"Flag", {"subject"}},
    Row{"Goal", {"subject"}},
    Row{"Group", {"member.entity"}},
    Row{"ImagingStudy", {"subject"}},
    Row{"Immunization", {"patient"}},
    Row{"ImmunizationEvaluation", {"patient"}},
    Row{"ImmunizationRecommendation", {"patient"}},
    Row{"Invoice", {"subject", "recipient"}},
    Row{"List", {"subject", "source"}},
    Row{"MeasureReport", {"subject"}},
    Row{"Media", {"subject"}},
    Row{"MedicationAdministration", {"subject", "performer.actor"}},
    Row{"MedicationDispense", {"subject", "receiver"}},
    Row{"MedicationRequest", {"subject"}},
    Row{"MedicationStatement", {"subject"}},
    Row{"MolecularSequence", {"patient"}},
    Row{"NutritionOrder", {"patient"}},
    Row{"Observation", {"subject", "performer"}},
    Row{"Person", {"link.target"}},
    Row{"Procedure", {"subject", "performer.actor"}},
    Row{"Provenance", {"target"}},
    Row{"QuestionnaireResponse", {"subject", "author"}},
    Row{"RelatedPerson", {"patient"}},
    Row{"RequestGroup", {"subject", "action.participant"}},
    Row{"ResearchSubject", {"individual"}},
    Row{"RiskAssessment", {"subject"}},
    Row{"Schedule", {"actor"}},
    Row{"ServiceRequest", {"subject", "performer"}},
    Row{"Specimen", {"subject"}},
    Row{"SupplyDelivery", {"patient"}},
    Row{"SupplyRequest", {"deliverTo"}},
    Row{"Task", {"for", "focus"}},
    Row{"VisionPrescription", {"patient"}},
};
static_assert(std::ranges::is_sorted(rows, {}, &Row::type));

constexpr auto types = [] {
  std::array<std::string_view, rows.size()> names;
  std::ranges::transform(rows, names.begin(), &Row::type);
  return names;
}();

constexpr std::size_t longest_name = 16;

/// The names at one place of the paths, in the order of their sizes: asked for each element of each resource.
class Names {
 public:
  constexpr explicit Names(std::size_t before) {
    for (const Row& row : rows)
      for (const std::string_view path : row.paths) add(name_in(path, before));
    std::ranges::sort(names_.data(), names_.data() + count_, {}, &std::string_view::size);
    for (std::size_t i = 0; i < count_; ++i) ++end_of_size_[names_[i].size()];
    for (std::size_t size = 1; size <= longest_name; ++size) end_of_size_[size] += end_of_size_[size - 1];
  }

  constexpr bool contain(std::string_view name) const {
    if (name.empty() || name.size() > longest_name) return false;
    for (std::size_t i = end_of_size_[name.size() - 1]; i < end_of_size_[name.size()]; ++i)
      if (names_[i] == name) return true;
    return false;
  }

 private:
  static constexpr std::string_view name_in(std::string_view path, std::size_t before) {
    for (; before > 0 && !path.empty(); --before) path = path.substr(std::min(path.find('.'), path.size() - 1) + 1);
    return path.substr(0, path.find('.'));
  }

  constexpr void add(std::string_view name) {
    for (std::size_t i = 0; i < count_; ++i)
      if (names_[i] == name) return;
    if (!name.empty()) names_[count_++] = name;
  }

  std::array<std::string_view, rows.size()> names_{};
  std::array<std::size_t, longest_name + 1> end_of_size_{};
  std::size_t count_ = 0;
};

constexpr std::array<Names, longest_reference_path> names{Names(0), Names(1), Names(2)};

}  // namespace

std::span<const std::string_view> patient_reference_paths(std::string_view type) {
  const auto row = std::ranges::lower_bound(rows, type, {}, &Row::type);
  if (row == rows.end() || row->type != type) return {};
  return {row->paths.begin(), std::ranges::find(row->paths, std::string_view())};
}

bool is_in_reference_path(std::size_t before, std::string_view name) {
  return before < names.size() && names[before].contain(name);
}

std::span<const std::string_view> patient_compartment_types() {
  return types;
}

}  // namespace fhir
