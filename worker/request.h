#pragma once

#include <map>
#include <string>

#include <boost/system/result.hpp>

#include "config/settings.h"
#include "fhir/accounts.h"
#include "fhir/page_parser.h"
#include "fhir/reference.h"
#include "queue/job.h"

namespace worker {

/// What a job asks for, validated: nothing from a job reaches a URL that has not passed here.
struct Request {
  fhir::Reference target;
  fhir::Accounts accounts;  ///< in order, duplicates dropped; may be empty: remove all
  bool propagate = false;
  bool dry_run = false;
  config::Verify verify = config::Verify::full;
  std::string traceparent;  ///< a header of every request; empty: none, or a malformed one

  /// Only a Patient has a compartment here.
  bool sweeps() const { return propagate && target.type == "Patient"; }
};

/// Reads the request fields of a job (Redis contract, Enqueue); the error names the field and says what is allowed.
boost::system::result<Request, fhir::ParseError> parse_request(const queue::Job& job, config::Verify default_verify);

/// The references of accounts as a JSON array.
std::string references_json(const fhir::Accounts& accounts);
std::string references_json(const fhir::Removals& removals);

}  // namespace worker
