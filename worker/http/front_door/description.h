#pragma once

#include <string>

namespace worker::http::front_door {

/// What stands at /fhir/R4/metadata: a CapabilityStatement for this base.
std::string capability_statement(const std::string& base);
/// Of $set-accounts.
std::string operation_definition(const std::string& base);

}  // namespace worker::http::front_door
