#include "fhir/refused.h"

#include "fhir/operation_outcome.h"

namespace fhir {

std::string describe_refusal(const std::string& request, const Response& response) {
  std::string sentence = request + ": " + std::to_string(response.status);
  const std::string text = parse_operation_outcome(response.body).text;
  if (!text.empty()) sentence += " " + text;
  return sentence;
}

}  // namespace fhir
