#include "worker/http/front_door/order.h"

#include <vector>

#include "worker/http/digest.h"
#include "worker/http/front_door/json_object.h"

namespace worker::http::front_door {
namespace {

/// Of the request's Parameters what counts, in one form.
std::string parameters_of(const fhir::SetAccountsParameters& wish) {
  std::vector<std::string> parameters;
  for (const fhir::Account& account : wish.accounts) {
    JsonObject parameter;
    parameter.add("name", std::string_view("accounts")).add_json("valueReference", account.json);
    parameters.push_back(parameter.take());
  }
  if (wish.propagate) {
    JsonObject parameter;
    parameter.add("name", std::string_view("propagate")).add("valueBoolean", true);
    parameters.push_back(parameter.take());
  }
  JsonObject json;
  json.add("resourceType", std::string_view("Parameters"));
  if (!parameters.empty()) json.add_json("parameter", json_list(parameters));
  return json.take();
}

}  // namespace

queue::InboxEntry entry_of(const Order& order) {
  queue::InboxEntry entry{
      {"target", order.target}, {"parameters", parameters_of(order.wish)}, {"requestedBy", order.requested_by}};
  if (!order.on_behalf_of.empty()) entry.emplace_back("onBehalfOf", order.on_behalf_of);
  if (!order.traceparent.empty()) entry.emplace_back("traceparent", order.traceparent);
  return entry;
}

std::string fingerprint_of(const Order& order) {
  return sha256_hex(order.requested_by + '\n' + order.on_behalf_of + '\n' + order.target + '\n' +
                    parameters_of(order.wish));
}

}  // namespace worker::http::front_door
