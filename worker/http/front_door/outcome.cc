#include "worker/http/front_door/outcome.h"

#include "worker/http/front_door/json_object.h"

namespace worker::http::front_door {
namespace {

std::string issue_json(const Issue& issue) {
  JsonObject details;
  details.add("text", std::string_view(issue.text));
  JsonObject json;
  json.add("severity", std::string_view(issue.error ? "error" : "information")).add("code", issue.code);
  json.add_json("details", details.take());
  if (!issue.diagnostics.empty()) json.add("diagnostics", std::string_view(issue.diagnostics));
  return json.take();
}

Response outcome(unsigned status, std::string_view id, const Issue& issue) {
  return fhir_response(status, outcome_json(id, {issue}));
}

Response with_wait(Response response, std::chrono::seconds wait) {
  response.fields.emplace_back("Retry-After", std::to_string(wait.count()));
  return response;
}

}  // namespace

std::string outcome_json(std::string_view id, const std::vector<Issue>& issues) {
  std::vector<std::string> list;
  list.reserve(issues.size());
  for (const Issue& issue : issues) list.push_back(issue_json(issue));
  JsonObject json;
  json.add("resourceType", std::string_view("OperationOutcome"));
  if (!id.empty()) json.add("id", id);
  return json.add_json("issue", json_list(list)).take();
}

Response fhir_response(unsigned status, std::string json) {
  Response response;
  response.status = status;
  response.content_type = "application/fhir+json; charset=utf-8";
  response.body = std::move(json);
  return response;
}

Response all_ok() {
  return outcome(200, "ok", {.code = "informational", .text = "All OK", .diagnostics = "", .error = false});
}

Response accepted(const std::string& location) {
  Response response =
      outcome(202, "accepted", {.code = "informational", .text = "Accepted", .diagnostics = location, .error = false});
  if (!location.empty()) response.fields.emplace_back("Content-Location", location);
  return response;
}

Response bad_request(const std::string& text) {
  return bad_request({{.code = "invalid", .text = text, .diagnostics = ""}});
}

Response bad_request(const std::vector<Issue>& issues) {
  return fhir_response(400, outcome_json("", issues));
}

Response unauthorized(const std::string& realm) {
  Response response = outcome(401, "unauthorized", {.code = "login", .text = "Unauthorized", .diagnostics = ""});
  response.fields.emplace_back("WWW-Authenticate", "Bearer realm=\"" + realm + "\"");
  return response;
}

Response forbidden() {
  return outcome(403, "forbidden", {.code = "forbidden", .text = "Forbidden", .diagnostics = ""});
}

Response not_found() {
  return not_found("");
}

Response not_found(const std::string& diagnostics) {
  return outcome(404, "not-found", {.code = "not-found", .text = "Not found", .diagnostics = diagnostics});
}

Response method_not_allowed(std::string_view allowed) {
  Response response = outcome(405, "", {.code = "not-supported", .text = "Method not allowed", .diagnostics = ""});
  response.fields.emplace_back("Allow", allowed);
  return response;
}

Response conflict(const std::string& text) {
  return outcome(409, "conflict", {.code = "conflict", .text = text, .diagnostics = ""});
}

Response unsupported_media_type() {
  return outcome(415, "",
                 {.code = "not-supported",
                  .text = "Unsupported media type: send application/fhir+json or application/json, in UTF-8",
                  .diagnostics = ""});
}

Response too_many_requests(const std::string& rate_limit, std::chrono::seconds wait) {
  Response response =
      outcome(429, "too-many-requests", {.code = "throttled", .text = "Too Many Requests", .diagnostics = ""});
  if (!rate_limit.empty()) response.fields.emplace_back("RateLimit", rate_limit);
  return with_wait(std::move(response), wait);
}

Response unavailable(const std::string& text, std::chrono::seconds wait) {
  return with_wait(outcome(503, "", {.code = "transient", .text = text, .diagnostics = ""}), wait);
}

Response still_running(const std::string& job, const std::string& location) {
  Response response =
      outcome(504, "server-timeout",
              {.code = "timeout", .text = "Job " + job + " goes on; ask for its status", .diagnostics = location});
  response.fields.emplace_back("Content-Location", location);
  return response;
}

}  // namespace worker::http::front_door
