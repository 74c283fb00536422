#include "worker/http/wire.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "sandbox/json.h"
#include "worker/http/error_answer.h"
#include "worker/http/route.h"

namespace worker::http {
namespace {

TEST(Wire, WritesAHead) {
  Response response;
  response.content_type = "text/plain";
  response.body = "hello";
  response.fields = {{"Retry-After", "1"}};
  EXPECT_EQ(head_of(response, {}, "today"),
            "HTTP/1.1 200 OK\r\nDate: today\r\nRetry-After: 1\r\nContent-Type: text/plain\r\n"
            "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nContent-Length: 5\r\n\r\n");
}

TEST(Wire, GivesNoLengthToWhatHasNoBody) {
  Response response;
  response.status = 204;
  EXPECT_EQ(head_of(response, {}, "today").find("Content-Length"), std::string::npos);
}

TEST(Wire, SaysWhetherTheConnectionStays) {
  EXPECT_NE(head_of({}, {.http_1_0 = false, .keep_alive = false}, "").find("Connection: close"), std::string::npos);
  EXPECT_NE(head_of({}, {.http_1_0 = true, .keep_alive = true}, "").find("Connection: keep-alive"), std::string::npos);
  EXPECT_EQ(head_of({}, {}, "").find("Connection"), std::string::npos);
}

TEST(Wire, SendsNoFieldThatWouldBeTwo) {
  Response response;
  response.fields = {{"Location", "a\r\nSet-Cookie: b"}};
  EXPECT_THROW((void)head_of(response, {}, ""), std::invalid_argument);
  response.fields = {{"Loca\ntion", "a"}};
  EXPECT_THROW((void)head_of(response, {}, ""), std::invalid_argument);
}

TEST(Wire, SendsPiecesAsTheVersionWantsThem) {
  EXPECT_EQ(piece_of(std::string(26, 'a'), {}), "1a\r\n" + std::string(26, 'a') + "\r\n");
  EXPECT_EQ(end_of_pieces({}), "0\r\n\r\n");
  const Manner old{.http_1_0 = true, .keep_alive = false};
  EXPECT_EQ(piece_of("a", old) + end_of_pieces(old), "a");
}

TEST(Refusal, IsAnOperationOutcomeForFhirClients) {
  for (std::size_t i = 0; i < refusals; ++i) {
    const Response response = answer_to({static_cast<Refusal>(i), {}}, true);
    const auto outcome = sandbox::parsed(response.body);
    EXPECT_EQ(response.content_type, "application/fhir+json");
    EXPECT_EQ(std::string(outcome["resourceType"].GetString()), "OperationOutcome");
    EXPECT_NE(std::string(outcome["id"].GetString()), "");
    EXPECT_NE(std::string(outcome["issue"][0]["details"]["text"].GetString()), "");
    const auto plain = sandbox::parsed(answer_to({static_cast<Refusal>(i), {}}, false).body);
    EXPECT_NE(std::string(plain["error"].GetString()), "");
  }
}

TEST(Refusal, TellsACallerOfTooManyRequestsHowLongToWait) {
  const Response response = answer_to({Refusal::too_many_requests, {}}, true, std::chrono::seconds(7));
  EXPECT_EQ(response.status, 429U);
  EXPECT_EQ(joined(response.fields, "Retry-After"), "7");
  EXPECT_EQ(joined(response.fields, "RateLimit"), "\"requests\";r=0;t=7");
  const auto outcome = sandbox::parsed(response.body);
  EXPECT_EQ(std::string(outcome["id"].GetString()), "too-many-requests");
  EXPECT_EQ(outcome["issue"][0]["extension"][0]["valueUnsignedInt"].GetInt(), 7);
  const auto diagnostics = sandbox::parsed(outcome["issue"][0]["diagnostics"].GetString());
  EXPECT_EQ(diagnostics["msBeforeNext"].GetInt(), 7000);
}

TEST(Route, IsSaidByThePath) {
  EXPECT_EQ(route_of({}), Route::page);
  EXPECT_EQ(route_of({"status", "jobs"}), Route::page);
  EXPECT_EQ(route_of({"healthz"}), Route::health);
  EXPECT_EQ(route_of({"healthz", "x"}), Route::nobody);
  EXPECT_EQ(route_of({"fhir", "R4"}), Route::front_door);
  EXPECT_EQ(route_of({"fhir", "R4", "Patient", "1", "$set-accounts"}), Route::front_door);
  EXPECT_EQ(route_of({"fhir", "R5"}), Route::nobody);
  EXPECT_EQ(route_of({"oauth2", "token"}), Route::front_door);
  EXPECT_EQ(route_of({"auth", "me"}), Route::front_door);
  EXPECT_EQ(route_of({"auth", "login"}), Route::nobody);
}

}  // namespace
}  // namespace worker::http
