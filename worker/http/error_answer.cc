#include "worker/http/error_answer.h"

#include <array>
#include <string>

namespace worker::http {
namespace {

struct Kind {
  std::string_view name;
  unsigned status;
  std::string_view id;    ///< of the OperationOutcome
  std::string_view code;  ///< of its issue (FHIR R4 issue-type)
  std::string_view text;  ///< if nothing better is known
};

/// In the order of Refusal.
constexpr std::array<Kind, refusals> kinds{{
    {"malformed", 400, "bad-request", "invalid", "Bad request"},
    {"too_slow", 408, "request-timeout", "timeout", "The request did not come in time"},
    {"body_too_large", 413, "content-too-large", "too-long", "The body is too large"},
    {"unknown_expectation", 417, "expectation-failed", "not-supported", "Only Expect: 100-continue is understood"},
    {"too_many_requests", 429, "too-many-requests", "throttled", "Too Many Requests"},
    {"head_too_large", 431, "header-fields-too-large", "too-long", "The header is too large"},
    {"failed", 500, "exception", "exception", "Internal server error"},
    {"busy", 503, "unavailable", "throttled", "Too many requests at once, try again"},
    {"unsupported_version", 505, "version-not-supported", "not-supported", "Only HTTP/1.1 and HTTP/1.0 are understood"},
}};

const Kind& kind_of(Refusal refusal) {
  return kinds[static_cast<std::size_t>(refusal)];
}

/// What Medplum's clients look for, newer and older ones.
std::string issue_of_rate(std::chrono::seconds wait) {
  const std::string seconds = std::to_string(wait.count());
  const std::string milliseconds = std::to_string(std::chrono::milliseconds(wait).count());
  return R"("extension":[{"url":"https://medplum.com/fhir/StructureDefinition/rate-limit-reset","valueUnsignedInt":)" +
         seconds + R"(}],"diagnostics":"{\"_remainingPoints\":0,\"_msBeforeNext\":)" + milliseconds +
         R"(,\"msBeforeNext\":)" + milliseconds + R"(}",)";
}

Response outcome_with(unsigned status, std::string_view id, std::string_view code, std::string_view text,
                      std::string_view more) {
  Response response;
  response.status = status;
  response.content_type = "application/fhir+json";
  response.body.append(R"({"resourceType":"OperationOutcome","id":")")
      .append(id)
      .append(R"(","issue":[{"severity":"error","code":")")
      .append(code)
      .append(R"(",)")
      .append(more)
      .append(R"("details":{"text":")")
      .append(text)
      .append(R"("}}]})");
  return response;
}

}  // namespace

std::string_view name_of(Refusal refusal) {
  return kind_of(refusal).name;
}

Response answer_to(const Refused& refused, bool to_fhir_client, std::chrono::seconds wait) {
  const Kind& kind = kind_of(refused.refusal);
  const std::string_view text = refused.why.empty() ? kind.text : refused.why;
  const bool by_rate = refused.refusal == Refusal::too_many_requests;
  const std::string more = by_rate ? issue_of_rate(wait) : std::string();
  Response response =
      to_fhir_client ? outcome_with(kind.status, kind.id, kind.code, text, more) : plain_error(kind.status, text);
  const std::string seconds = std::to_string(wait.count());
  if (by_rate) response.fields.emplace_back("RateLimit", "\"requests\";r=0;t=" + seconds);
  if (by_rate || refused.refusal == Refusal::busy) response.fields.emplace_back("Retry-After", seconds);
  return response;
}

Response outcome(unsigned status, std::string_view id, std::string_view code, std::string_view text) {
  return outcome_with(status, id, code, text, {});
}

Response plain_error(unsigned status, std::string_view text) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body.append(R"({"error":")").append(text).append("\"}\n");
  return response;
}

}  // namespace worker::http
