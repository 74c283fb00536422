#include "sandbox/seed_resources.h"

#include <array>

namespace sandbox {
namespace {

constexpr SampleResource observation = {"Observation", R"(
"status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category",
"code":"vital-signs","display":"Vital Signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"85354-9",
"display":"Blood pressure panel with all children optional"}],"text":"Blood pressure"},"subject":{"reference":"%patient%"},
"performer":[{"reference":"%practitioner%","display":"Dr. Amara Osei"}],"effectiveDateTime":"2025-03-0%d%T09:30:00+01:00",
"component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":12%d%.5,
"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":{"coding":[{"system":"http://loinc.org",
"code":"8462-4"}]},"valueQuantity":{"value":8%d%,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}],
"device":{"reference":"%device%"})"};

constexpr SampleResource condition = {"Condition", R"(
"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},
"code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006","display":"Diabetes mellitus type 2"}]},
"subject":{"reference":"%patient%"},"asserter":{"reference":"%practitioner%"},"onsetDateTime":"2019-04-1%d%")"};

constexpr SampleResource encounter = {"Encounter", R"(
"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},
"subject":{"reference":"%patient%"},"participant":[{"individual":{"reference":"%practitioner%"}}],
"location":[{"location":{"reference":"%location%"}}],"serviceProvider":{"reference":"%organization%"},
"period":{"start":"2025-02-1%d%T08:00:00Z","end":"2025-02-1%d%T08:25:00Z"})"};

constexpr SampleResource procedure = {"Procedure", R"(
"status":"completed","code":{"text":"Appendectomy"},"subject":{"reference":"%patient%"},
"performer":[{"actor":{"reference":"%practitioner%"},"onBehalfOf":{"reference":"%organization%"}}],
"performedPeriod":{"start":"2018-07-0%d%","end":"2018-07-0%d%"})"};

constexpr SampleResource medication_request = {"MedicationRequest", R"(
"status":"active","intent":"order","medicationReference":{"reference":"%medication%"},
"subject":{"reference":"%patient%"},"requester":{"reference":"%practitioner%"},
"dosageInstruction":[{"text":"One tablet twice a day with food","timing":{"repeat":{"frequency":2,"period":1,
"periodUnit":"d"}},"doseAndRate":[{"doseQuantity":{"value":0.%d%5,"unit":"g"}}]}])"};

constexpr SampleResource immunization = {"Immunization", R"(
"status":"completed","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"140"}]},
"patient":{"reference":"%patient%"},"occurrenceDateTime":"2024-10-0%d%","lotNumber":"LOT-%n%","location":{"reference":"%location%"},
"performer":[{"actor":{"reference":"%practitioner%"}}])"};

constexpr SampleResource allergy = {"AllergyIntolerance", R"(
"type":"allergy","category":["medication"],"criticality":"high","code":{"text":"Penicillin"},
"patient":{"reference":"%patient%"},"recorder":{"reference":"%practitioner%"},
"reaction":[{"manifestation":[{"text":"Urticaria — “Nesselsucht”"}],"severity":"moderate"}])"};

constexpr SampleResource report = {"DiagnosticReport", R"(
"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"58410-2"}],"text":"CBC panel"},
"subject":{"reference":"%patient%"},"performer":[{"reference":"%organization%"}],"effectiveDateTime":"2025-01-0%d%",
"conclusion":"Within normal limits. Line one.\nLine two: \"quoted\", tab\there, \\ backslash.",
"presentedForm":[{"contentType":"application/pdf","url":"Binary/report-%n%","title":"CBC"}])"};

constexpr SampleResource document = {"DocumentReference", R"(
"status":"current","type":{"text":"Discharge summary"},"subject":{"reference":"%patient%"},
"author":[{"reference":"%practitioner%"}],"custodian":{"reference":"%organization%"},
"content":[{"attachment":{"contentType":"text/plain","data":"UGF0aWVudCBkaXNjaGFyZ2VkIGluIGdvb2QgY29uZGl0aW9uLg=="}}])"};

constexpr SampleResource care_plan = {"CarePlan", R"(
"status":"active","intent":"plan","subject":{"reference":"%patient%"},"activity":[{"detail":{"status":"in-progress",
"description":"Daily walk","performer":[{"reference":"%patient%"},{"reference":"%practitioner%"}]}}])"};

constexpr SampleResource care_team = {"CareTeam", R"(
"status":"active","name":"Diabetes team","subject":{"reference":"%patient%"},
"participant":[{"member":{"reference":"%practitioner%"}},{"member":{"reference":"%organization%"}}])"};

constexpr SampleResource claim = {"Claim", R"(
"status":"active","use":"claim","type":{"coding":[{"code":"professional"}]},"patient":{"reference":"%patient%"},
"created":"2025-05-0%d%","provider":{"reference":"%organization%"},"priority":{"coding":[{"code":"normal"}]},
"payee":{"type":{"coding":[{"code":"subscriber"}]},"party":{"reference":"%patient%"}},
"insurance":[{"sequence":1,"focal":true,"coverage":{"display":"Statutory"}}],
"item":[{"sequence":1,"productOrService":{"text":"Consultation"},"unitPrice":{"value":129.16,"currency":"EUR"}}])"};

constexpr SampleResource benefit = {"ExplanationOfBenefit", R"(
"status":"active","use":"claim","outcome":"complete","type":{"coding":[{"code":"professional"}]},
"contained":[{"resourceType":"Coverage","id":"c1","status":"active","beneficiary":{"reference":"%patient%"},
"payor":[{"display":"Statutory"}]}],"patient":{"reference":"%patient%"},"created":"2025-05-0%d%",
"insurer":{"reference":"%organization%"},"provider":{"reference":"%practitioner%"},
"insurance":[{"focal":true,"coverage":{"reference":"#c1"}}],"total":[{"category":{"text":"submitted"},
"amount":{"value":1234567.89,"currency":"EUR"}}])"};

constexpr SampleResource goal = {"Goal", R"(
"lifecycleStatus":"active","description":{"text":"HbA1c below 7.%d%"},"subject":{"reference":"%patient%"},
"target":[{"measure":{"text":"HbA1c"},"detailQuantity":{"value":7.%d%,"unit":"%","code":"%"},"dueDate":"2026-09-0%d%"}])"};

constexpr SampleResource service_request = {"ServiceRequest", R"(
"status":"active","intent":"order","code":{"text":"Physiotherapy"},"subject":{"reference":"%patient%"},
"requester":{"reference":"%practitioner%"},"performer":[{"reference":"%organization%"}],"authoredOn":"2025-06-0%d%")"};

constexpr SampleResource task = {"Task", R"(
"status":"requested","intent":"order","for":{"reference":"%patient%"},"owner":{"reference":"%practitioner%"},
"authoredOn":"2025-06-0%d%T10:00:00Z","input":[{"type":{"text":"note"},"valueString":"Call back about results %n%"}])"};

constexpr SampleResource communication = {"Communication", R"(
"status":"completed","subject":{"reference":"%patient%"},"sender":{"reference":"%practitioner%"},
"recipient":[{"reference":"%patient%"}],"payload":[{"contentString":"Your results are in. 你好 👋"}])"};

constexpr SampleResource coverage = {"Coverage", R"(
"status":"active","beneficiary":{"reference":"%patient%"},"payor":[{"reference":"%organization%"}],
"subscriberId":"S-%n%","period":{"start":"2025-01-01"})"};

constexpr SampleResource answers = {"QuestionnaireResponse", R"(
"status":"completed","subject":{"reference":"%patient%"},"author":{"reference":"%patient%"},"item":[{"linkId":"1",
"text":"Do you smoke?","answer":[{"valueBoolean":false}]},{"linkId":"2","text":"Units of alcohol a week",
"answer":[{"valueInteger":%d%}]},{"linkId":"3","answer":[{"valueDecimal":1.%d%0}]}])"};

constexpr SampleResource provenance = {"Provenance", R"(
"target":[{"reference":"%patient%"}],"recorded":"2025-06-0%d%T10:00:00.123Z",
"agent":[{"who":{"reference":"%practitioner%"},"onBehalfOf":{"reference":"%organization%"}}])"};

constexpr std::array members = {
    observation, observation, observation,        encounter,       condition,     observation, claim,     observation,
    benefit,     procedure,   observation,        report,          immunization,  observation, document,  observation,
    goal,        allergy,     observation,        service_request, task,          observation, care_plan, observation,
    care_team,   observation, medication_request, observation,     communication, coverage,    answers,   provenance};

constexpr std::array shared_members = {SampleResource{"Appointment", R"(
"status":"booked","description":"Family session","start":"2026-03-0%d%T09:00:00Z","end":"2026-03-0%d%T09:30:00Z",
"participant":[{"actor":{"reference":"%patient%"},"status":"accepted"},{"actor":{"reference":"%second%"},
"status":"accepted"},{"actor":{"reference":"%practitioner%"},"status":"accepted"}])"},
                                       SampleResource{"Group", R"(
"type":"person","actual":true,"name":"Household %n%","member":[{"entity":{"reference":"%patient%"}},
{"entity":{"reference":"%second%"}}])"},
                                       SampleResource{"Coverage", R"(
"status":"active","policyHolder":{"reference":"%second%"},"subscriber":{"reference":"%second%"},
"beneficiary":{"reference":"%patient%"},"payor":[{"reference":"%organization%"}])"}};

constexpr std::array bystanders = {
    SampleResource{"Organization", R"("active":true,"name":"Clinic %n%","alias":["Clinic"])"},
    SampleResource{"Practitioner", R"("active":true,"name":[{"family":"Osei","given":["Amara"],"prefix":["Dr."]}])"},
    SampleResource{"Location",
                   R"("status":"active","name":"Room %n%","managingOrganization":{"reference":"%organization%"})"},
    SampleResource{"PractitionerRole", R"("practitioner":{"reference":"%practitioner%"},
"organization":{"reference":"%organization%"},"location":[{"reference":"%location%"}])"},
    SampleResource{"Medication", R"("code":{"text":"Metformin 500 mg"},"manufacturer":{"reference":"%organization%"})"},
    SampleResource{"Device",
                   R"("status":"active","patient":{"reference":"%patient%"},"owner":{"reference":"%organization%"},
"deviceName":[{"name":"Cuff %n%","type":"user-friendly-name"}])"}};

std::string substituted(std::string_view json, const Fillings& fillings) {
  std::string text;
  for (std::size_t at = 0; at < json.size();) {
    const std::size_t begin = json.find('%', at);
    const std::size_t end = begin == std::string_view::npos ? begin : json.find('%', begin + 1);
    const auto filling =
        end == std::string_view::npos ? fillings.end() : fillings.find(json.substr(begin + 1, end - begin - 1));
    const bool known = filling != fillings.end();
    const std::size_t behind = begin == std::string_view::npos ? json.size() : begin + 1;
    const std::size_t upto = known ? begin : behind;
    text += json.substr(at, upto - at);
    if (known) text += filling->second;
    at = known ? end + 1 : upto;
  }
  return text;
}

std::string narrative(std::uint64_t random) {
  static constexpr std::array<std::string_view, 4> sentences = {
      "The patient was seen in the outpatient clinic and reports no new complaints. ",
      "Medication was reviewed and is tolerated well; adherence is described as good. ",
      "Findings were discussed, questions were answered, and a follow-up was arranged. ",
      "Laboratory values are stable compared with the previous quarter. "};
  std::string text;
  for (std::uint64_t i = 0; i < 6 + random % 28; ++i) text += sentences.at((random >> (i % 32)) % sentences.size());
  return R"("text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>)" + text +
         "</p></div>\"}";
}

}  // namespace

std::span<const SampleResource> sample_members() {
  return members;
}
std::span<const SampleResource> sample_shared_members() {
  return shared_members;
}
std::span<const SampleResource> sample_bystanders() {
  return bystanders;
}

std::string filled(const SampleResource& sample, const Fillings& fillings, std::string_view more_meta,
                   std::uint64_t random) {
  std::string text = R"({"resourceType":")" + std::string(sample.type) + R"(","id":")" + fillings.at("id") +
                     R"(","meta":{"profile":["http://hl7.org/fhir/StructureDefinition/)" + std::string(sample.type) +
                     R"("],"tag":[{"system":"urn:sandbox","code":"seeded"}])";
  if (!more_meta.empty()) text += "," + std::string(more_meta);
  return text + "}," + narrative(random) + "," + substituted(sample.json, fillings) + "}";
}

}  // namespace sandbox
