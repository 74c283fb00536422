// The one retry layer: 429, silence, unusable bodies.

#include "client_fixture.h"

namespace {

using namespace test;

using RetryTest = ClientTest;

std::string quota(long left, int reset) {
  return R"("requests";r=59999;t=60, "fhirInteractions";r=)" + std::to_string(left) + ";t=" + std::to_string(reset);
}

TEST_F(RetryTest, WaitsForTheNamedResetHoweverLongItsPatience) {
  policy.patience = std::chrono::milliseconds(100);
  get("Patient/1");
  medplum.fhir.push_back(reply(429, "{}", {{"RateLimit", quota(0, 1)}}));
  const auto begin = fhir::Clock::now();
  EXPECT_EQ(patch("Observation/1").status, 200U);
  EXPECT_GE(fhir::Clock::now() - begin, std::chrono::seconds(1));
  EXPECT_EQ(fhir_requests().size(), 3U);
}

TEST_F(RetryTest, WaitsBeforeTheQuotaIsUsedUp) {
  medplum.fhir.push_back(
      reply(200, "{}", {{"RateLimit", "\"requests\";r=59999;t=60"}, {"RateLimit", R"("fhirInteractions";r=99;t=1)"}}));
  get("Patient/1");
  const auto begin = fhir::Clock::now();
  EXPECT_EQ(get("Patient/1").status, 200U) << "a read can be paid";
  EXPECT_LT(fhir::Clock::now() - begin, std::chrono::milliseconds(500));
  EXPECT_EQ(patch("Observation/1").status, 200U);
  EXPECT_GE(fhir::Clock::now() - begin, std::chrono::milliseconds(900));
}

TEST_F(RetryTest, GivesUpOn429sThatNeverSayUntilWhen) {
  medplum.usual = reply(429, "<html>");
  EXPECT_EQ(sentence<fhir::RequestFailed>([&] { get("Patient/1"); }),
            "GET Patient/1: 429 Too Many Requests for 300 ms");
  EXPECT_LE(fhir_requests().size(), 9U);
}

TEST_F(RetryTest, RetriesBodiesThatCannotBeUsed) {
  medplum.fhir.push_back(reply(200, "<html>"));
  medplum.fhir.push_back(reply(200, ""));
  auto request = get_of("Patient/1");
  request.unusable = [](fhir::Response& response) -> std::optional<std::string> {
    if (response.body == "{}") return std::nullopt;
    return "no Bundle";
  };
  EXPECT_EQ(send(request).body, "{}");
  medplum.usual = reply(200, "<html>");
  EXPECT_EQ(sentence<fhir::RequestFailed>([&] { send(request); }),
            "GET Patient/1: 200 OK, but unusable: no Bundle for 300 ms");
}

TEST_F(RetryTest, JudgesNoOtherStatusUnusable) {
  medplum.fhir.push_back(reply(422, ""));
  auto request = get_of("Patient/1");
  request.unusable = [](fhir::Response&) { return std::optional<std::string>("never asked"); };
  EXPECT_EQ(send(request).status, 422U);
}

TEST_F(RetryTest, TakesNoRefusalThatWasCutShort) {
  const std::string stale = R"({"resourceType":"OperationOutcome","issue":[{"details":{"text":"Test failed"}}]})";
  for (const std::size_t length : {std::size_t{1}, stale.size() / 2, stale.size() - 1})
    medplum.fhir.push_back(reply(400, stale.substr(0, length)));
  medplum.fhir.push_back(reply(400, stale));
  EXPECT_EQ(send(get_of("Patient/1")).body, stale);
  EXPECT_EQ(fhir_requests().size(), 4U);
}

TEST_F(RetryTest, BelievesThatAResourceIsGoneOnlyFromTheFhirServer) {
  medplum.fhir.push_back(reply(404, "default backend - 404"));
  medplum.fhir.push_back(reply(410, ""));
  medplum.fhir.push_back(reply(404, R"({"message":"no Route matched with those values"})"));
  medplum.fhir.push_back(reply(410, R"({"resourceType":"OperationOutcome","id":"gone"})"));
  EXPECT_EQ(send(get_of("Patient/1")).status, 410U);
  EXPECT_EQ(fhir_requests().size(), 4U);
  medplum.usual = reply(404, "Cannot GET /fhir/R5/Patient/1");
  EXPECT_EQ(
      sentence<fhir::RequestFailed>([&] { get("Patient/1"); }),
      "GET Patient/1: 404 Not Found, but no whole OperationOutcome of a FHIR server (check --fhir-url, and what is "
      "in between) for 300 ms");
}

TEST_F(RetryTest, ReturnsATroubleThatTheCallerKnowsToBeFinal) {
  medplum.usual = reply(500, "Cursor fails to make progress");
  auto request = get_of("Patient/1");
  request.final_answer = [](const fhir::Response& response) { return response.body.starts_with("Cursor"); };
  EXPECT_EQ(send(request).body, "Cursor fails to make progress");
  EXPECT_EQ(fhir_requests().size(), 1U);
}

TEST_F(RetryTest, SaysThatTheServerIsAway) {
  get("Patient/1");
  server.stop();
  const auto begin = fhir::Clock::now();
  const auto why = sentence<fhir::ServerUnavailable>([&] { patch("Observation/1"); });
  EXPECT_GE(fhir::Clock::now() - begin, policy.outage);
  EXPECT_NE(why.find("no answer from " + server.url() + ": "), std::string::npos) << why;
  EXPECT_NE(why.find("Connection refused"), std::string::npos) << why;
}

TEST_F(RetryTest, FailsTheRequestAloneIfTheServerStillReceivesUs) {
  Reply cut;
  cut.then = Reply::Then::reset;
  medplum.usual = cut;
  const auto why = sentence<fhir::RequestFailed>([&] { patch("Observation/1"); });
  EXPECT_NE(why.find("PATCH Observation/1: "), std::string::npos) << why;
  EXPECT_GE(medplum.looks_at_me, 2);
}

TEST_F(RetryTest, FailsTheRequestAloneIfTheServerAnswersOthers) {
  Reply cut;
  cut.then = Reply::Then::reset;
  for (int i = 0; i < 10'000; ++i) medplum.fhir.push_back(reply(i % 2 == 0 ? 500U : 502U));
  for (std::size_t i = 0; i < medplum.fhir.size(); i += 4) medplum.fhir[i] = cut;
  EXPECT_NE(sentence<fhir::RequestFailed>([&] { get("Patient/1"); }), "");
}

}  // namespace
