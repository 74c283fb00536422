#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "fhir/accounts.h"
#include "fhir/awaitable.h"
#include "fhir/client.h"
#include "fhir/page_parser.h"
#include "fhir/resource_reading.h"
#include "fhir/signal.h"
#include "fhir/stop.h"

namespace fhir {

/// What other Patients grant to resources that they share with the target: an Appointment of two patients keeps an
/// account that the other one has himself. Each Patient is read once in an attempt, after the target was written.
class OtherPatients {
 public:
  OtherPatients(Client& client, Stop& stop, Caller caller);

  /// Those of `removals` that none of the member's other Patients has, or why nobody knows: a Patient that is gone
  /// (404, 410) keeps nothing, but one that cannot be read for another reason may keep anything.
  struct Removable {
    Removals removals;
    std::optional<Reading> refused;
  };
  Awaitable<Removable> of(Entry member, Removals removals);
  /// Whether that needs to be asked: else all of `removals` may go, as the member has none of them.
  static bool have_a_say(const Entry& member, const Removals& removals);

 private:
  Awaitable<Reading> reading_of(std::string patient);

  Client& client_;
  Stop& stop_;
  Caller caller_;
  std::map<std::string, Reading> known_;
  std::set<std::string> being_read_;
  Signal reading_ended_;
};

}  // namespace fhir
