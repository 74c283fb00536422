#include "worker/http/front_door/description.h"

#include <array>
#include <string_view>

#include "worker/http/front_door/json_object.h"

namespace worker::http::front_door {
namespace {

using Text = std::string_view;

/// Of what is described here; a FHIR date need not be today's.
constexpr Text described_on = "2026-11-21";

std::string definition_url(const std::string& base) {
  return base + "/fhir/R4/OperationDefinition/set-accounts";
}

std::string parameter(Text name, Text use, std::int64_t least, Text most, Text type, Text meaning) {
  JsonObject json;
  json.add("name", name).add("use", use).add_number("min", least).add("max", most);
  return json.add("documentation", meaning).add("type", type).take();
}

}  // namespace

std::string capability_statement(const std::string& base) {
  JsonObject operation;
  operation.add("name", Text("set-accounts")).add("definition", Text(definition_url(base)));
  JsonObject rest;
  rest.add("mode", Text("server"));
  rest.add_json("operation", json_list(std::array{operation.take()}));
  JsonObject software;
  software.add("name", Text("set-accounts")).add("version", Text(SET_ACCOUNTS_VERSION));
  JsonObject implementation;
  implementation.add("description", Text("Carries meta.accounts through a patient's compartment"));
  implementation.add("url", Text(base + "/fhir/R4"));
  JsonObject json;
  json.add("resourceType", Text("CapabilityStatement")).add("status", Text("active")).add("date", described_on);
  json.add("kind", Text("instance")).add_json("software", software.take());
  json.add_json("implementation", implementation.take());
  json.add("fhirVersion", Text("4.0.1")).add_json("format", R"(["application/fhir+json","application/json"])");
  return json.add_json("rest", json_list(std::array{rest.take()})).take();
}

std::string operation_definition(const std::string& base) {
  const std::array parameters{
      parameter("accounts", "in", 0, "*", "Reference", "What meta.accounts is to be, in this order; none: empty."),
      parameter("propagate", "in", 0, "1", "boolean", "Bring all of the target's compartment in line with it."),
      parameter("resourcesUpdated", "out", 1, "1", "integer", "The target and members that are now as asked for."),
  };
  JsonObject json;
  json.add("resourceType", Text("OperationDefinition")).add("id", Text("set-accounts"));
  json.add("url", Text(definition_url(base))).add("name", Text("SetAccounts")).add("status", Text("active"));
  json.add("kind", Text("operation")).add("affectsState", true).add("code", Text("set-accounts"));
  json.add_json("resource", R"(["Resource"])").add("system", false).add("type", false).add("instance", true);
  return json.add_json("parameter", json_list(parameters)).take();
}

}  // namespace worker::http::front_door
