#include "fhir/no_answer.h"

namespace fhir {

ServerUnavailable no_answer(const std::string& origin, const TransportError& error) {
  if (error.kind == TransportError::Kind::untrusted) {
    return ServerUnavailable("no trust in " + origin + ": " + error.what() +
                             "; if its certificate authority is your own, name it with --ca-file");
  }
  return ServerUnavailable(
      "no answer from " + origin + ": " + error.what() + "; check that it runs and that --fhir-url is right", true);
}

}  // namespace fhir
