#pragma once

#include <optional>
#include <string>

#include "fhir/accounts.h"
#include "fhir/awaitable.h"
#include "fhir/client.h"
#include "fhir/other_patients.h"
#include "fhir/page_parser.h"
#include "fhir/reference.h"
#include "fhir/resource_reading.h"
#include "fhir/stop.h"

namespace fhir {

/// What became of one resource.
enum class Outcome {
  written,       ///< a PATCH changed it
  unchanged,     ///< it was right already
  to_write,      ///< a dry run would have written it
  gone,          ///< deleted meanwhile (404, 410)
  not_a_member,  ///< somebody moved it out of the compartment meanwhile: its accounts are none of our business
  failed,        ///< it could not be updated; status and diagnostics say why
};

struct Patched {
  Outcome outcome = Outcome::unchanged;
  unsigned status = 0;      ///< HTTP status of a failure, 0 if none was to be had
  std::string diagnostics;  ///< for failed: the server's OperationOutcome, or our own words
};

enum class PatchAnswer {
  written,
  conflict,  ///< somebody else wrote the resource since it was read
  gone,
  ignored,  ///< a 200 that left the version as it was: the server does not let this client write accounts
  refused,
};

struct PatchAttempt {
  PatchAnswer answer = PatchAnswer::written;
  unsigned status = 0;
  std::string diagnostics;
};

/// Sends one PATCH that brings `entry` to `wanted`, guarded by the version it was read at, and judges the answer. All
/// references outlive it.
Awaitable<PatchAttempt> patch_accounts(Client& client, Stop& stop, const Entry& entry, const Accounts& wanted,
                                       const Caller& caller);

/// Brings the members of a compartment in line with one job.
class AccountsPatcher {
 public:
  struct Intent {
    Accounts requested;
    Removals removals;
    bool dry_run = false;
  };
  AccountsPatcher(Client& client, Stop& stop, Caller caller, Intent intent);

  /// A member, as read: computes, patches; after a conflict reads again, judges again whether it is a member at all,
  /// computes again; five times at most. `member` outlives it.
  Awaitable<Patched> bring_right(const Entry& member);

 private:
  Client& client_;
  Stop& stop_;
  Caller caller_;
  Intent intent_;
  OtherPatients others_;
};

}  // namespace fhir
