#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <benchmark/benchmark.h>

#include "fhir/page_parser.h"

// A page of 1,000 resources, in the order of members and without the blanks in which Medplum writes it in extended
// mode. SET_ACCOUNTS_PAGE names a file with a page of one's own.

namespace {

using benchmark::State;

constexpr int resources = 1000;

std::string uuid(int number) {
  const std::string digits = std::to_string(100'000'000'000 + number);
  return "7c5b3bd4-19f5-4d0c-8a7e-" + digits;
}

/// Its meta, and the entry around it, as any resource has them.
std::string entry(const std::string& type, int number, const std::string& elements) {
  const std::string id = uuid(number);
  return R"({"fullUrl":"https://api.example.com/fhir/R4/)" + type + "/" + id +
         R"(","search":{"mode":"match"},"resource":{"resourceType":")" + type + R"(","id":")" + id +
         R"(","meta":{"versionId":")" + uuid(number + resources) +
         R"(","lastUpdated":"2026-03-01T12:00:00.000Z","author":{"reference":"Practitioner/)" + uuid(7) +
         R"("},"project":")" + uuid(8) + R"(","account":{"reference":"Organization/)" + uuid(9) +
         R"("},"accounts":[{"reference":"Organization/)" + uuid(9) + R"("}],"compartment":[{"reference":"Project/)" +
         uuid(8) + R"("},{"reference":"Organization/)" + uuid(9) + R"("},{"reference":"Patient/)" + uuid(0) + "\"}]}," +
         elements + "}}";
}

std::string coding(const std::string& code, const std::string& display) {
  return R"({"coding":[{"system":"http://loinc.org","code":")" + code + R"(","display":")" + display +
         R"("}],"text":")" + display + "\"}";
}

std::string subject() {
  return R"("subject":{"reference":"Patient/)" + uuid(0) + R"(","display":"Mrs. Ada Example"},)";
}

std::string quantity(int number) {
  return R"({"value":)" + std::to_string(number % 300) + "." + std::to_string(number * 7919 % 1'000'000) +
         R"(,"unit":"mm[Hg]","system":"http://unitsofmeasure.org","code":"mm[Hg]"})";
}

std::string observation(int number) {
  std::string components;
  for (int i = 0; i < 5; ++i) {
    if (i > 0) components += ',';
    components += R"({"code":)" + coding("8480-" + std::to_string(i), "Systolic Blood Pressure") +
                  R"(,"valueQuantity":)" + quantity(number + i) + "}";
  }
  return entry("Observation", number,
               R"("status":"final","category":[)" + coding("vital-signs", "vital-signs") + R"(],"code":)" +
                   coding("85354-9", "Blood Pressure") + "," + subject() + R"("encounter":{"reference":"Encounter/)" +
                   uuid(number / 10) +
                   R"("},"effectiveDateTime":"2015-07-05T10:45:09+02:00","issued":"2015-07-05T10:45:09.349+02:00",)" +
                   R"("component":[)" + components + "]");
}

std::string narrative(int number) {
  std::string text = R"(<div xmlns=\"http://www.w3.org/1999/xhtml\">)";
  while (text.size() < 1500)
    text += "<p>The patient of 47 years was seen after a fall, für zwei Stunden, and is well again.</p>\\n";
  return entry("DiagnosticReport", number,
               R"("text":{"status":"generated","div":")" + text + R"(</div>"},"status":"final","code":)" +
                   coding("51990-0", "Basic Metabolic Panel") + "," + subject() +
                   R"("issued":"2015-07-05T10:45:09.349+02:00")");
}

std::string deep(int number) {
  std::string extension = R"({"url":"u","valueBoolean":true})";
  for (int i = 0; i < 20; ++i)
    extension = R"({"url":"e","extension":[)" + extension + R"(,{"url":"v","valueInteger":7}]})";
  return entry("Basic", number, subject() + R"("extension":[)" + extension + "," + extension + "]");
}

template <class Write>
std::string page(Write write) {
  std::string json = R"({"resourceType":"Bundle","type":"searchset","entry":[)";
  for (int number = 1; number <= resources; ++number) {
    if (number > 1) json += ',';
    json += write(number);
  }
  return json + R"(],"link":[{"relation":"self","url":"https://api.example.com/fhir/R4/Patient/x/$everything"}]})";
}

void parse(State& state, const std::string& json) {
  const fhir::Reference target{"Patient", uuid(0)};
  for (auto _ : state) {
    state.PauseTiming();
    std::string text;
    text.reserve(2 * json.size());  // as a body grows while it comes
    text = json;
    state.ResumeTiming();
    auto parsed = fhir::parse_page(std::move(text), target);
    if (!parsed) return state.SkipWithError(parsed.error().reason.c_str());
    benchmark::DoNotOptimize(parsed);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(json.size()));
  state.counters["bytes"] = static_cast<double>(json.size());
}

void Page_Observations(State& state) {
  parse(state, page(observation));
}
void Page_Narratives(State& state) {
  parse(state, page(narrative));
}
void Page_DeepExtensions(State& state) {
  parse(state, page(deep));
}
void Page_NothingButMeta(State& state) {
  parse(state, page([](int number) { return entry("Flag", number, R"("status":"active")"); }));
}

/// A page of one's own.
void Page_Given(State& state) {
  const char* path = std::getenv("SET_ACCOUNTS_PAGE");
  if (path == nullptr) return state.SkipWithError("SET_ACCOUNTS_PAGE names no file");
  std::ifstream file(path);
  parse(state, {std::istreambuf_iterator<char>(file), {}});
}

BENCHMARK(Page_Observations)->Unit(benchmark::kMillisecond);
BENCHMARK(Page_Narratives)->Unit(benchmark::kMillisecond);
BENCHMARK(Page_DeepExtensions)->Unit(benchmark::kMillisecond);
BENCHMARK(Page_NothingButMeta)->Unit(benchmark::kMillisecond);
BENCHMARK(Page_Given)->Unit(benchmark::kMillisecond);

}  // namespace
