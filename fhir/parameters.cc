#include "fhir/parameters.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "fhir/json_reading.h"
#include "fhir/parameters_handler.h"

namespace fhir {

namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_string(Writer& writer, const std::string& text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_parameter(Writer& writer, const OutputParameter& parameter) {
  writer.StartObject();
  writer.Key("name");
  write_string(writer, parameter.name);
  if (parameter.value_integer) {
    writer.Key("valueInteger");
    writer.Int64(*parameter.value_integer);
  } else {
    writer.Key("valueString");
    write_string(writer, parameter.value_string);
  }
  writer.EndObject();
}

}  // namespace

boost::system::result<SetAccountsParameters, ParseError> parse_set_accounts_parameters(std::string_view json) {
  std::string text(json);
  ParametersHandler handler;
  if (const auto fault = read_json(text, handler))
    return ParseError{fault->by_handler ? handler.reason()
                                        : "parameters, at byte " + std::to_string(fault->offset) + ": " + fault->why};
  if (!handler.is_parameters()) return ParseError{"parameters: not a Parameters resource"};
  return std::move(handler.parameters());
}

/// FHIR's JSON knows no empty arrays (R4, 2.6.2), so `parameter` is left out when there is none.
std::string parameters_json(const std::vector<OutputParameter>& parameters) {
  rapidjson::StringBuffer json;
  Writer writer(json);
  writer.StartObject();
  writer.Key("resourceType");
  writer.String("Parameters");
  if (!parameters.empty()) {
    writer.Key("parameter");
    writer.StartArray();
    for (const OutputParameter& parameter : parameters) write_parameter(writer, parameter);
    writer.EndArray();
  }
  writer.EndObject();
  return {json.GetString(), json.GetSize()};
}

}  // namespace fhir
