#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "fhir/client.h"

namespace fhir {

/// The server answered for good that it will not do what a whole job depends on: a 4xx that no retry mends.
struct Refused : std::runtime_error {
  explicit Refused(const std::string& sentence) : Refused(sentence, sentence) {}
  Refused(const std::string& sentence, std::string without_the_servers_words)
      : std::runtime_error(sentence), in_short(std::move(without_the_servers_words)) {}
  std::string in_short;  ///< for a log: what a server says may name somebody
};

/// `GET Patient/1: 404 Not found`, from a request's name and the server's answer.
std::string describe_refusal(const std::string& request, const Response& response);

}  // namespace fhir
