#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace fhir {

/// OAuth2's answers to a token request (RFC 6749 sections 5.1 and 5.2).
struct TokenAnswer {
  std::string access_token;         ///< empty if there is none that could be sent in a header
  std::chrono::seconds expires_in;  ///< five minutes if not said
  std::string error;                ///< error_description or error, one printable line of at most 200 characters
};
TokenAnswer parse_token_answer(std::string_view body);

/// When to ask for the next one: at 80 % of its life, or a minute before its end if that is later.
std::chrono::milliseconds renewal_after(std::chrono::seconds life);

}  // namespace fhir
