#pragma once

#include <stdexcept>
#include <string>

#include "fhir/http_message.h"

namespace fhir {

/// What must come before a request (its token, the look at our rights) was answered with a passing trouble, a 429 or a
/// 401: the request's own retry layer deals with it.
struct Obstacle : std::runtime_error {
  Obstacle(const std::string& request, HttpAnswer what_came)
      : std::runtime_error(request), answer(std::move(what_came)) {}
  HttpAnswer answer;
};

}  // namespace fhir
