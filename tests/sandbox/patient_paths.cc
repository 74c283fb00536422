#include "sandbox/patient_paths.h"

#include <array>

namespace sandbox {
namespace {

struct Row {
  std::string_view type;
  std::array<std::string_view, 4> paths;
};

constexpr std::array rows = {
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
    Row{"Patient", {"link.other"}},
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
static_assert(rows.size() == 67);

constexpr auto types = [] {
  std::array<std::string_view, rows.size()> all;
  for (std::size_t i = 0; i < rows.size(); ++i) all[i] = rows[i].type;
  return all;
}();

}  // namespace

std::span<const std::string_view> patient_paths(std::string_view type) {
  for (const Row& row : rows) {
    if (row.type != type) continue;
    std::size_t count = 0;
    while (count < row.paths.size() && !row.paths[count].empty()) ++count;
    return {row.paths.data(), count};
  }
  return {};
}

std::span<const std::string_view> patient_types() {
  return types;
}

}  // namespace sandbox
