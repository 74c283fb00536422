#include "fhir/wire_form.h"

namespace fhir {
namespace {

std::string_view name_of(HttpMethod method) {
  switch (method) {
    case HttpMethod::get:
      return "GET ";
    case HttpMethod::post:
      return "POST ";
    case HttpMethod::patch:
      return "PATCH ";
  }
  return "";
}

}  // namespace

void write_request(const HttpRequest& request, std::string_view authority, std::string& out) {
  out.clear();
  out.append(name_of(request.method)).append(request.target).append(" HTTP/1.1\r\nHost: ").append(authority);
  out.append("\r\n").append(request.fields.lines());
  const bool may_have_body = request.method != HttpMethod::get;  // RFC 9110 section 8.6: else no Content-Length
  if (may_have_body) out.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  out.append("\r\n").append(request.body);
}

}  // namespace fhir
