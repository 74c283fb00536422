#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace worker::http::front_door {

/// What the front door does.
enum class Operation {
  set_accounts,          ///< POST /fhir/R4/{Type}/{id}/$set-accounts
  job_status,            ///< GET, DELETE /fhir/R4/job/{id}/status
  async_job,             ///< GET /fhir/R4/AsyncJob/{id}
  cancel,                ///< POST /fhir/R4/AsyncJob/{id}/$cancel
  metadata,              ///< GET /fhir/R4/metadata
  operation_definition,  ///< GET /fhir/R4/OperationDefinition/set-accounts
  token,                 ///< POST /oauth2/token
  me,                    ///< GET /auth/me
  none,
};

struct Route {
  Operation operation = Operation::none;
  std::string type;  ///< of the target
  std::string id;    ///< of the target, or of the job
  bool operator==(const Route&) const = default;
};

/// Ids and types keep to FHIR's grammar.
Route route_of(const std::vector<std::string>& path);
/// As in an Allow header.
std::string_view methods_of(Operation operation);
/// HEAD asks for what GET would answer.
bool may_be_asked(Operation operation, std::string_view method);

}  // namespace worker::http::front_door
