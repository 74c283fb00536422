#include "fhir/outgoing.h"

#include <utility>

#include "fhir/quota.h"

namespace fhir {

HttpFields our_fields(const std::string& token) {
  HttpFields fields;
  fields.add("User-Agent", "set-accounts/" SET_ACCOUNTS_VERSION);
  if (!token.empty()) fields.add("Authorization", "Bearer " + token);
  return fields;
}

HttpRequest plain_get(const std::string& target, const std::string& token) {
  HttpRequest message;
  message.target = target;
  message.fields = our_fields(token);
  message.fields.add("Accept", "application/json");
  return message;
}

HttpFields fhir_fields(const std::string& token) {
  HttpFields fields = our_fields(token);
  fields.add("Accept", "application/fhir+json");
  fields.add("X-Medplum", "extended");
  return fields;
}

HttpRequest outgoing(const Request& request, const BaseUrl& base, HttpFields common) {
  if (!stays_below_base(request.path))
    throw RequestFailed(title(request) + ": not sent, its path leaves the FHIR base");
  HttpRequest message;
  message.method = request.method == Method::patch ? HttpMethod::patch : HttpMethod::get;
  message.target.reserve(base.path.size() + 1 + request.path.size());
  message.target.append(base.path).append("/").append(request.path);
  message.fields = std::move(common);
  const bool worth_packing = asks_for_many(request);
  if (worth_packing) message.fields.add("Accept-Encoding", "gzip");
  if (!request.traceparent.empty()) message.fields.add("traceparent", request.traceparent);
  if (request.method == Method::patch) {
    message.fields.add("Content-Type", "application/json-patch+json");
    if (!request.if_match.empty()) message.fields.add("If-Match", "W/\"" + request.if_match + "\"");
    message.body = request.body;
    message.version_suffices = true;
  }
  const bool quoted_twice = request.if_match.find('"') != std::string::npos;
  if (quoted_twice || !is_one_request(message)) {
    throw RequestFailed(title(request) +
                        ": not sent, its version or trace id holds characters that do not belong there");
  }
  return message;
}

std::string title(const Request& request) {
  const std::string method = request.method == Method::patch ? "PATCH " : "GET ";
  std::string path = request.path.substr(0, request.path.find('?'));
  for (char& c : path) {
    if (c < 0x20 || c == 0x7f) c = '?';
  }
  return method + path;
}

bool asks_for_many(const Request& request) {
  return request.method == Method::get && request.path.find_first_of("?$") != std::string::npos;
}

long cost_of(const Request& request) {
  if (request.method == Method::patch) return Quota::patch_cost;
  return asks_for_many(request) ? Quota::search_cost : Quota::read_cost;
}

}  // namespace fhir
