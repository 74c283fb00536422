#include "worker/http/site.h"

#include <string>
#include <string_view>
#include <utility>

#include "worker/http/error_answer.h"
#include "worker/http/route.h"

namespace worker::http {
namespace {

using Part = Readiness::Part;

Response nothing_there(const Request& request) {
  if (is_fhir(request.path)) return outcome(404, "not-found", "not-found", "Not found");
  return plain_error(404, "Nothing is here");
}

Response with_method_get(const Request& request, Response response) {
  if (request.method == "GET") return response;
  Response refusal = plain_error(405, "Only GET and HEAD are answered here");
  refusal.fields.emplace_back("Allow", "GET, HEAD");
  return refusal;
}

void add(std::string& reasons, std::string_view reason) {
  reasons.append(reasons.empty() ? "\"" : ",\"").append(reason).append("\"");
}

}  // namespace

Site::Site(const Readiness& readiness, const fhir::Stop& stop, const service::VitalSigns& signs, Rooms rooms)
    : readiness_(readiness), stop_(stop), signs_(signs), rooms_(std::move(rooms)) {}

Awaitable<Response> Site::answer(Request request) const {
  const Handler* room = nullptr;
  switch (route_of(request.path)) {
    case Route::health:
      co_return with_method_get(request, health());
    case Route::readiness:
      co_return with_method_get(request, readiness());
    case Route::metrics:
      room = &rooms_.metrics;
      break;
    case Route::front_door:
      room = &rooms_.front_door;
      break;
    case Route::page:
      room = &rooms_.page;
      break;
    case Route::nobody:
      break;
  }
  if (room == nullptr || !*room) co_return nothing_there(request);
  Response response = co_await (*room)(std::move(request));
  co_return response;
}

/// That it is answered at all shows that the event loop turns; 503 where a part of the worker does not. Redis and the
/// FHIR server may be away for as long as they like.
Response Site::health() const {
  Response response;
  response.content_type = "application/json";
  const auto& stopped = signs_.stopped();
  response.status = stopped ? 503 : 200;
  response.body = stopped ? R"({"healthy":false,"why":[")" + stopped->part + R"( has not moved for )" +
                                std::to_string(stopped->still.count()) + " s\"]}\n"
                          : "{\"healthy\":true}\n";
  return response;
}

/// Why, in words of ours: what Redis or the FHIR server said is in the log.
Response Site::readiness() const {
  std::string reasons;
  if (stop_.requested()) add(reasons, "stopping");
  if (!readiness_.known(Part::redis)) add(reasons, "Redis was not reached yet");
  if (readiness_.trouble(Part::redis)) add(reasons, "Redis does not answer");
  if (readiness_.trouble(Part::moves)) add(reasons, "Redis refuses what the queue asks of it");
  if (!readiness_.known(Part::fhir)) add(reasons, "The FHIR server was not reached yet");
  if (readiness_.trouble(Part::fhir)) add(reasons, "The FHIR server cannot be worked with");
  Response response;
  response.content_type = "application/json";
  response.status = reasons.empty() ? 200 : 503;
  response.body = reasons.empty() ? "{\"ready\":true}\n" : "{\"ready\":false,\"why\":[" + reasons + "]}\n";
  return response;
}

}  // namespace worker::http
