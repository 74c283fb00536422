#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "worker/http/message.h"

namespace worker::http::front_door {

/// One thing that an OperationOutcome says.
struct Issue {
  std::string_view code;
  std::string text;         ///< details.text
  std::string diagnostics;  ///< left out if empty
  bool error = true;        ///< else for information
};
/// An OperationOutcome as a JSON text; `id` is Medplum's word for it, or empty.
std::string outcome_json(std::string_view id, const std::vector<Issue>& issues);

/// FHIR's JSON as a response.
Response fhir_response(unsigned status, std::string json);

// OperationOutcomes in Medplum's words (core, outcomes.ts), where it has any.
Response all_ok();
/// `location`: of the job's status; empty: not told.
Response accepted(const std::string& location);
Response bad_request(const std::string& text);
Response bad_request(const std::vector<Issue>& issues);
/// `realm`: our own base.
Response unauthorized(const std::string& realm);
Response forbidden();
Response not_found();
Response not_found(const std::string& diagnostics);
Response method_not_allowed(std::string_view allowed);
Response conflict(const std::string& text);
Response unsupported_media_type();
Response too_many_requests(const std::string& rate_limit, std::chrono::seconds wait);
Response unavailable(const std::string& text, std::chrono::seconds wait);
/// The job goes on; `location`: of its status.
Response still_running(const std::string& job, const std::string& location);

/// A request ends here, with this response.
struct Refused : std::runtime_error {
  explicit Refused(Response why) : std::runtime_error("refused"), response(std::move(why)) {}
  Response response;
};

}  // namespace worker::http::front_door
