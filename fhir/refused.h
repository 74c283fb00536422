#pragma once

#include <stdexcept>
#include <string>

#include "fhir/client.h"

namespace fhir {

/// The server answered for good that it will not do what a whole job depends on: a 4xx that no retry mends.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `GET Patient/1: 404 Not found`, from a request's name and the server's answer.
std::string describe_refusal(const std::string& request, const Response& response);

}  // namespace fhir
