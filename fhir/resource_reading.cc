#include "fhir/resource_reading.h"

#include "fhir/refused.h"

namespace fhir {

Awaitable<Reading> read_resource(Client& client, Stop& stop, Reference reference, Caller caller) {
  Reading reading;
  Request request;
  request.path = reference.str();
  request.traceparent = caller.traceparent;
  request.share = caller.share;
  request.unusable = [&](Response& response) -> std::optional<std::string> {
    auto parsed = parse_resource(std::move(response.body), caller.target);
    if (!parsed) return parsed.error().reason;
    if (parsed->reference != reference) return "the answer is another resource";
    reading.entry = std::move(*parsed);
    return std::nullopt;
  };
  const Response response = co_await client.send(std::move(request), stop);
  reading.status = response.status;
  if (!reading.entry) reading.diagnostics = describe_refusal("GET " + reference.str(), response);
  co_return reading;
}

}  // namespace fhir
