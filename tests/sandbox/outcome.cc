#include "sandbox/outcome.h"

#include "sandbox/json.h"

namespace sandbox {
namespace {

Json issue(std::string_view id, std::string_view code, std::string_view text) {
  Json body = parsed(R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","details":{}}]})");
  JsonAllocator& allocator = body.GetAllocator();
  JsonValue& first = body["issue"][0];
  if (!id.empty()) set_member(body, "id", text_value(id, allocator), allocator);
  set_member(first, "code", text_value(code, allocator), allocator);
  set_member(first["details"], "text", text_value(text, allocator), allocator);
  return body;
}

Answer answer(unsigned status, const JsonValue& body) {
  Answer result;
  result.status = status;
  result.body = to_text(body);
  return result;
}

Answer proxy_error(unsigned status, const std::string& text) {
  Answer result;
  result.status = status;
  result.content_type = "text/html";
  result.body =
      "<html><head><title>" + text + "</title></head><body><center><h1>" + text + "</h1></center></body></html>";
  return result;
}

}  // namespace

Answer outcome(unsigned status, std::string_view id, std::string_view code, std::string_view text) {
  return answer(status, issue(id, code, text));
}

Answer bad_request(std::string_view text) {
  return outcome(400, "", "invalid", text);
}
Answer not_found() {
  return outcome(404, "not-found", "not-found", "Not found");
}
Answer gone() {
  return outcome(410, "gone", "deleted", "Gone");
}
Answer precondition_failed() {
  return outcome(412, "precondition-failed", "processing", "Precondition Failed");
}
Answer forbidden() {
  return outcome(403, "forbidden", "forbidden", "Forbidden");
}
Answer server_error(std::string_view text) {
  return outcome(500, "", "exception", text);
}
Answer server_timeout() {
  return outcome(504, "server-timeout", "timeout", "Server timeout");
}

Answer unauthorized(std::string_view base) {
  Answer result = outcome(401, "unauthorized", "login", "Unauthorized");
  result.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"" + std::string(base) + "\"");
  return result;
}

Answer serialization_conflict() {
  Json body = issue("conflict", "conflict", "could not serialize access due to concurrent update");
  const Json coding = parsed(R"([{"code":"40001"}])");
  set_member(body["issue"][0]["details"], "coding", JsonValue(coding, body.GetAllocator()), body.GetAllocator());
  return answer(409, body);
}

Answer too_many_requests(long consumed, long limit, long ms_before_next) {
  Json body = issue("too-many-requests", "throttled", "Too Many Requests");
  const std::string diagnostics = R"({"_remainingPoints":0,"_msBeforeNext":)" + std::to_string(ms_before_next) +
                                  R"(,"_consumedPoints":)" + std::to_string(consumed) +
                                  R"(,"_isFirstInDuration":false,"limit":)" + std::to_string(limit) + "}";
  set_member(body["issue"][0], "diagnostics", text_value(diagnostics, body.GetAllocator()), body.GetAllocator());
  return answer(429, body);
}

Answer usual_answer(unsigned status) {
  switch (status) {
    case 401:
      return unauthorized("http://localhost/");
    case 403:
      return forbidden();
    case 404:
      return not_found();
    case 409:
      return serialization_conflict();
    case 410:
      return gone();
    case 412:
      return precondition_failed();
    case 422:
      return outcome(422, "", "invalid", "Unprocessable Entity");
    case 429:
      return too_many_requests(50'000, 50'000, 1'000);
    case 500:
      return server_error("Internal Server Error");
    case 502:
      return proxy_error(502, "502 Bad Gateway");
    case 503:
      return proxy_error(503, "503 Service Temporarily Unavailable");
    case 504:
      return server_timeout();
    default:
      return outcome(status, "", status >= 500 ? "exception" : "invalid", "Status " + std::to_string(status));
  }
}

}  // namespace sandbox
