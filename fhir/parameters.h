#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

#include "fhir/accounts.h"
#include "fhir/page_parser.h"

namespace fhir {

/// The in-parameters of `$set-accounts` (Medplum): `accounts` (Reference, 0..*) and `propagate` (boolean).
struct SetAccountsParameters {
  Accounts accounts;  ///< in order, duplicates (by reference) dropped, every member of each Reference kept
  bool propagate = false;
};

/// Reads a FHIR `Parameters` resource. The error names the parameter that is wrong.
boost::system::result<SetAccountsParameters, ParseError> parse_set_accounts_parameters(std::string_view json);

/// One named integer or string of a `Parameters` that we write.
struct OutputParameter {
  std::string name;
  std::optional<std::int64_t> value_integer;
  std::string value_string;  ///< used when there is no integer
};
std::string parameters_json(const std::vector<OutputParameter>& parameters);

}  // namespace fhir
