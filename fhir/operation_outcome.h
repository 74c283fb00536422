#pragma once

#include <string>
#include <string_view>

namespace fhir {

/// What an OperationOutcome says, in one line for an operator or a failure list.
struct OperationOutcome {
  std::string id;           ///< Medplum's word: not-found, gone, too-many-requests …; empty if none
  std::string code;         ///< issue[0].details.coding[0].code, e.g. 40001
  std::string text;         ///< the issues' details.text, or diagnostics, joined by "; "
  std::string diagnostics;  ///< issue[0].diagnostics as it came
  bool is_one = false;      ///< the body is an OperationOutcome
  bool cut_short = false;   ///< the body begins as JSON and is none
  long reset_seconds = -1;  ///< Medplum 5.2's extension rate-limit-reset, or diagnostics' msBeforeNext; −1: not said
};

/// Reads as much as is there; a body that is none gives an empty outcome.
OperationOutcome parse_operation_outcome(std::string_view body);

}  // namespace fhir
