#include "tests/bench/null_fhir/kinds.h"

#include <array>

namespace null_fhir {

const Kind patient_kind = {
    "Patient",
    R"json("identifier":[{"system":"https://example.org/mrn","value":"MRN-0042-77"}],"active":true,
      "name":[{"use":"official","family":"Øyvind-Müller","given":["Łucja","María"]}],
      "gender":"female","birthDate":"1961-07-19")json",
    "telecom", R"json({"system":"phone","value":"+49 30 5550177","use":"home","rank":2})json"};

namespace {

constexpr Kind observation = {
    "Observation",
    R"json("status":"final",
      "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category",
        "code":"vital-signs","display":"Vital Signs"}],"text":"Vital Signs"}],
      "code":{"coding":[{"system":"http://loinc.org","code":"85354-9",
        "display":"Blood pressure panel with all children optional"}],"text":"Blood pressure"},
      "subject":{"reference":"Patient/{patient}","display":"Łucja Øyvind-Müller"},
      "encounter":{"reference":"Encounter/5b1e7e5c-7c0f-4f3e-9f38-9d3c9f4be2ab"},
      "effectiveDateTime":"2026-02-11T08:12:45+01:00","issued":"2026-02-11T08:12:45.211Z",
      "performer":[{"reference":"Practitioner/0d1c6c1e-3f0e-4a55-b2f7-30d2d4b8a6f1","display":"Dr. Ana Peña"}])json",
    "component",
    R"json({"code":{"coding":[{"system":"http://loinc.org","code":"8480-6","display":"Systolic blood pressure"}],
      "text":"Systolic"},
      "valueQuantity":{"value":121.38,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}})json"};

constexpr Kind condition = {
    "Condition",
    R"json("clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical",
        "code":"active"}]},
      "verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status",
        "code":"confirmed"}]},
      "code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006",
        "display":"Diabetes mellitus type 2 (disorder)"}],"text":"Diabetes"},
      "subject":{"reference":"Patient/{patient}"},"onsetDateTime":"2019-05-02","recordedDate":"2019-05-04")json",
    "note",
    R"json({"time":"2024-03-01T10:02:11Z",
      "text":"Patientin sagt: \"seit Mai müde\",\nHbA1c 7,4 %; Metformin 2×500 mg"})json"};

constexpr Kind encounter = {
    "Encounter",
    R"json("status":"finished",
      "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},
      "type":[{"coding":[{"system":"http://snomed.info/sct","code":"185349003",
        "display":"Encounter for check up (procedure)"}]}],
      "subject":{"reference":"Patient/{patient}"},
      "period":{"start":"2026-02-11T08:00:00+01:00","end":"2026-02-11T08:35:00+01:00"},
      "serviceProvider":{"reference":"Organization/9c7b3f0a-6a4f-4ecf-a1a5-c1d6b1f9f3ce"})json",
    "participant",
    R"json({"type":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"PPRF",
        "display":"primary performer"}]}],
      "period":{"start":"2026-02-11T08:00:00+01:00","end":"2026-02-11T08:35:00+01:00"},
      "individual":{"reference":"Practitioner/0d1c6c1e-3f0e-4a55-b2f7-30d2d4b8a6f1"}})json"};

constexpr Kind medication_request = {"MedicationRequest",
                                     R"json("status":"active","intent":"order",
      "medicationCodeableConcept":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"860975",
        "display":"24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet"}]},
      "subject":{"reference":"Patient/{patient}"},"authoredOn":"2026-02-11T08:20:00+01:00",
      "requester":{"reference":"Practitioner/0d1c6c1e-3f0e-4a55-b2f7-30d2d4b8a6f1"})json",
                                     "dosageInstruction",
                                     R"json({"sequence":1,"text":"1 Tablette morgens & abends, zum Essen",
      "timing":{"repeat":{"frequency":2,"period":1.0,"periodUnit":"d"}},
      "asNeededBoolean":false,"doseAndRate":[{"doseQuantity":{"value":1}}]})json"};

constexpr Kind procedure = {
    "Procedure",
    R"json("status":"completed",
      "code":{"coding":[{"system":"http://snomed.info/sct","code":"430193006",
        "display":"Medication Reconciliation (procedure)"}]},
      "subject":{"reference":"Patient/{patient}"},
      "performedPeriod":{"start":"2025-11-03T09:11:02-05:00","end":"2025-11-03T09:26:02-05:00"})json",
    "performer",
    R"json({"function":{"coding":[{"system":"http://snomed.info/sct","code":"17561000","display":"Cardiologist"}]},
      "actor":{"reference":"Practitioner/0d1c6c1e-3f0e-4a55-b2f7-30d2d4b8a6f1"},
      "onBehalfOf":{"reference":"Organization/9c7b3f0a-6a4f-4ecf-a1a5-c1d6b1f9f3ce"}})json"};

constexpr Kind diagnostic_report = {"DiagnosticReport",
                                    R"json("status":"final",
      "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0074","code":"LAB"}]}],
      "code":{"coding":[{"system":"http://loinc.org","code":"51990-0",
        "display":"Basic metabolic panel - Blood"}]},
      "subject":{"reference":"Patient/{patient}"},"effectiveDateTime":"2026-01-08T07:30:00Z",
      "conclusion":"Kreatinin grenzwertig; Kontrolle in 6 Wochen.\r\n\tsee \"Nephrology\/Consult\"")json",
                                    "result",
                                    R"json({"reference":"Observation/7f6f7a86-52c5-4b1c-8a0b-6f0a9a3c8b11",
      "display":"Glucose [Mass/volume] in Blood"})json"};

constexpr Kind communication = {
    "Communication",
    R"json("status":"completed","subject":{"reference":"Patient/{patient}"},"sent":"2026-03-02T16:44:01.120Z",
      "sender":{"reference":"Patient/{patient}"},
      "recipient":[{"reference":"Practitioner/0d1c6c1e-3f0e-4a55-b2f7-30d2d4b8a6f1"}])json",
    "payload",
    R"json({"contentString":"Guten Tag, 今日は頭が痛いです \ud83d\ude4f — kann ich \"Ibuprofen\" nehmen?\nGrüße, Łucja"})json"};

constexpr Kind claim = {
    "Claim",
    R"json("status":"active","use":"claim","patient":{"reference":"Patient/{patient}"},"created":"2026-02-12",
      "type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},
      "provider":{"reference":"Organization/9c7b3f0a-6a4f-4ecf-a1a5-c1d6b1f9f3ce"},
      "priority":{"coding":[{"code":"normal"}]},
      "insurance":[{"sequence":1,"focal":true,"coverage":{"display":"AOK Nordost"}}],
      "total":{"value":1284.05,"currency":"EUR"})json",
    "item",
    R"json({"sequence":3,"productOrService":{"coding":[{"system":"http://snomed.info/sct","code":"162673000",
        "display":"General examination of patient (procedure)"}],"text":"General examination"},
      "unitPrice":{"value":136.8,"currency":"EUR"},"net":{"value":136.80,"currency":"EUR"}})json"};

constexpr std::array kinds = {observation, condition,         encounter,     medication_request,
                              procedure,   diagnostic_report, communication, claim};

}  // namespace

std::span<const Kind> member_kinds() {
  return kinds;
}

}  // namespace null_fhir
