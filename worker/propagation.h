#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "fhir/accounts.h"
#include "fhir/accounts_patcher.h"
#include "fhir/client.h"
#include "fhir/compartment_reader.h"
#include "fhir/resource_reading.h"
#include "fhir/stop.h"
#include "queue/job_queue.h"
#include "worker/awaitable.h"
#include "worker/members_ahead.h"
#include "worker/progress.h"
#include "worker/request.h"

namespace worker {

/// The job cannot be done, now or later: the message says why.
struct JobImpossible : std::runtime_error {
  explicit JobImpossible(const std::string& sentence) : JobImpossible(sentence, sentence) {}
  JobImpossible(const std::string& sentence, std::string without_the_servers_words)
      : std::runtime_error(sentence), in_short(std::move(without_the_servers_words)) {}
  std::string in_short;  ///< for a log: what a server says may name somebody
};

/// One attempt at one job, from its plan to the pass that found nothing left to do. It is a reconciliation: it may be
/// stopped at any point and begun again by anybody, and the end is the same.
class Propagation {
 public:
  struct Limits {
    std::size_t concurrency = 16;  ///< lanes of a pass; the client bounds the PATCHes of the whole process
    std::size_t page_size = 1000;
    int max_passes = 5;
  };
  /// All references outlive it. `share` tells the client whose requests these are.
  Propagation(fhir::Client& client, queue::JobQueue& queue, queue::Job job, Request request, Limits limits,
              std::uint64_t share, Progress& progress, fhir::Stop& stop);

  /// Throws JobImpossible, fhir::RequestFailed (the attempt is over), fhir::ServerUnavailable, queue::LeaseLost,
  /// queue::QueueUnavailable, fhir::Stopped.
  Awaitable<void> run();

  /// What the target no longer owes, once run() has returned: empty unless the passes were proven whole and nothing
  /// failed.
  const std::vector<std::string>& settled_debts() const { return settled_debts_; }

 private:
  Awaitable<void> plan_and_write_target();
  Awaitable<fhir::Entry> read_target();
  Awaitable<void> plan(fhir::Accounts old_accounts);
  bool sees_before() const;
  Awaitable<bool> write_target(fhir::Entry target);

  Awaitable<void> sweep_and_verify();
  Awaitable<void> pass(fhir::CompartmentReader& reader, fhir::AccountsPatcher& patcher);
  Awaitable<void> lane(MembersAhead& members, fhir::AccountsPatcher& patcher);

  fhir::Client& client_;
  queue::JobQueue& queue_;
  queue::Job job_;
  Request request_;
  Limits limits_;
  fhir::Caller caller_;
  Progress& progress_;
  fhir::Stop& stop_;

  std::vector<std::string> owed_;
  fhir::Removals removals_;
  std::vector<std::string> settled_debts_;
};

}  // namespace worker
