#include "fhir/other_patients.h"

#include <algorithm>

namespace fhir {
namespace {

/// Marks a Patient as being read, and wakes those who wait for it, however the reading ends.
class ReadingInProgress {
 public:
  ReadingInProgress(std::set<std::string>& being_read, Signal& ended, std::string patient)
      : being_read_(being_read), ended_(ended), patient_(std::move(patient)) {
    being_read_.insert(patient_);
  }
  ~ReadingInProgress() {
    being_read_.erase(patient_);
    ended_.notify_all();
  }
  ReadingInProgress(const ReadingInProgress&) = delete;
  ReadingInProgress& operator=(const ReadingInProgress&) = delete;

 private:
  std::set<std::string>& being_read_;
  Signal& ended_;
  std::string patient_;
};

}  // namespace

OtherPatients::OtherPatients(Client& client, Stop& stop, Caller caller)
    : client_(client), stop_(stop), caller_(std::move(caller)) {}

bool OtherPatients::have_a_say(const Entry& member, const Removals& removals) {
  if (removals.empty()) return false;
  const Accounts accounts = effective_accounts(member.accounts);
  return std::ranges::any_of(accounts, [&](const Account& a) { return removals.contains(a.reference); });
}

Awaitable<OtherPatients::Removable> OtherPatients::of(Entry member, Removals removals) {
  Removable removable{std::move(removals), std::nullopt};
  for (const std::string& patient : member.patients) {
    if (patient == caller_.target.str()) continue;
    Reading reading = co_await reading_of(patient);
    if (reading.gone()) continue;
    if (!reading.entry) {
      removable.refused = std::move(reading);
      break;
    }
    for (const Account& kept : effective_accounts(reading.entry->accounts)) removable.removals.erase(kept.reference);
  }
  co_return removable;
}

Awaitable<Reading> OtherPatients::reading_of(std::string patient) {
  while (being_read_.contains(patient)) co_await reading_ended_.wait(stop_);
  if (const auto found = known_.find(patient); found != known_.end()) co_return found->second;

  const auto reference = parse_reference(patient);
  if (!reference) co_return Reading{std::nullopt, 0, "meta.compartment names a patient that is no reference"};
  const ReadingInProgress in_progress(being_read_, reading_ended_, patient);
  Reading reading = co_await read_resource(client_, stop_, *reference, caller_);
  known_.emplace(patient, reading);
  co_return reading;
}

}  // namespace fhir
