#pragma once

#include <string>

#include "fhir/client.h"
#include "fhir/http_message.h"

namespace fhir {

/// The sentence for an operator whose server at `origin` cannot be talked to.
ServerUnavailable no_answer(const std::string& origin, const TransportError& error);

}  // namespace fhir
