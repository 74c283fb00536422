#include "fhir/client.h"

#include "client_fixture.h"

namespace {

using namespace test;

TEST_F(ClientTest, GetsWithTokenInExtendedMode) {
  medplum.fhir.push_back(reply(200, R"({"id":"1"})", {{"ETag", "W/\"v7\""}}));
  const auto response = get("Patient/1/$everything?_count=1000");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.etag, "v7");
  EXPECT_EQ(response.body, R"({"id":"1"})");
  const auto request = fhir_requests().at(0);
  EXPECT_EQ(request.target(), "/fhir/R4/Patient/1/$everything?_count=1000");
  EXPECT_EQ(request.header("Host"), "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(request.header("Authorization"), "Bearer token-1");
  EXPECT_EQ(request.header("X-Medplum"), "extended");
  EXPECT_EQ(request.header("Accept"), "application/fhir+json");
  EXPECT_EQ(request.header("User-Agent"), "set-accounts/0.1.0");
  EXPECT_EQ(request.header("Accept-Encoding"), "gzip");
}

TEST_F(ClientTest, PatchesOnConditionOfTheVersion) {
  auto request = patch_of("Observation/42");
  request.body = R"([{"op":"test"}])";
  request.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  EXPECT_EQ(send(request).etag, "2");
  const auto sent = fhir_requests().at(0);
  EXPECT_EQ(sent.method(), "PATCH");
  EXPECT_EQ(sent.body, R"([{"op":"test"}])");
  EXPECT_EQ(sent.header("If-Match"), "W/\"1\"");
  EXPECT_EQ(sent.header("Content-Type"), "application/json-patch+json");
  EXPECT_EQ(sent.header("X-Medplum"), "extended");
  EXPECT_EQ(sent.header("traceparent"), request.traceparent);
  EXPECT_EQ(sent.header("Accept-Encoding"), "") << "small answers are not worth packing";
}

TEST_F(ClientTest, PassesTheTraceOnAlsoWhenItReads) {
  auto request = get_of("Patient/1");
  request.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  medplum.fhir = {reply(503), reply(401)};
  send(request);
  for (const auto& sent : fhir_requests()) EXPECT_EQ(sent.header("traceparent"), request.traceparent);
  EXPECT_EQ(fhir_requests().size(), 3U) << "tries again included";
}

TEST_F(ClientTest, ReturnsWhatIsTheCallersToJudge) {
  for (const unsigned status : {400U, 403U, 404U, 409U, 410U, 412U, 422U}) {
    medplum.fhir.push_back(reply(status, R"({"resourceType":"OperationOutcome"})"));
    EXPECT_EQ(patch("Observation/42").status, status);
  }
  EXPECT_EQ(fhir_requests().size(), 7U);
}

TEST_F(ClientTest, KeepsConnectionsAlive) {
  for (int i = 0; i < 20; ++i) get("Patient/1");
  EXPECT_EQ(fhir_requests().back().connection, fhir_requests().front().connection);
}

TEST_F(ClientTest, RetriesServerErrorsUntilTheyPass) {
  for (const unsigned status : {500U, 502U, 503U, 504U}) medplum.fhir.push_back(reply(status, "<html>"));
  medplum.fhir.push_back(reply(409, R"({"resourceType":"OperationOutcome","id":"conflict","issue":[{"severity":"error",
      "code":"conflict","details":{"coding":[{"code":"40001"}],"text":"lost a race"}}]})"));
  EXPECT_EQ(patch("Observation/42").status, 200U);
  EXPECT_EQ(fhir_requests().size(), 6U);
}

TEST_F(ClientTest, SaysWhatFailedWhenPatienceIsOver) {
  medplum.usual = reply(503, "");
  EXPECT_EQ(sentence<fhir::RequestFailed>([&] { patch("Observation/42"); }),
            "PATCH Observation/42: 503 Service Unavailable for 300 ms");
}

}  // namespace
