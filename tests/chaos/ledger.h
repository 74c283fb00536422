#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "queue/redis_protocol.h"
#include "tests/chaos/moment.h"

namespace chaos {

using Fields = std::map<std::string, std::string>;

/// One claim of a job, until it ended, however.
struct Tenure {
  std::string worker;
  Moment began = 0;
  Moment ended = 0;         ///< 0: it runs still
  std::string ended_as;     ///< the job's state afterwards
  bool lease_lost = false;  ///< it was taken away
  long got_to = 0;          ///< resourcesUpdated when it ended
};

/// How a job came to a final state. It may do so again after a retry.
struct Ending {
  std::size_t order = 0;  ///< among all endings of all jobs
  Moment at = 0;
  Fields record;
  std::size_t tenures = 0;  ///< that the job had had until then
  bool owed = false;        ///< the job had noted removals that its target owes since
};

/// Everything that the moves did with one job.
struct Life {
  Fields record;  ///< as it is in the end
  std::vector<Tenure> tenures;
  std::vector<Ending> endings;
  std::size_t taken_in = 0;  ///< its place among all jobs
};

/// Follows all changes of all records, and holds them against a small model of what a queue is: one line a target, in
/// which only the head runs; one final state, until an operator's retry.
class Ledger {
 public:
  /// What Redis carried out at once, as its append-only file has it.
  void take(const std::vector<queue::Command>& transaction);

  const std::map<std::string, Life>& lives() const { return lives_; }
  /// What contradicts the model, a line each.
  const std::vector<std::string>& wrong() const { return wrong_; }

 private:
  void apply(const queue::Command& command);
  void note_owed(const std::string& target);
  void note_change(const std::string& id, const Fields& before, const Fields& after);
  void note_beginning(const std::string& id, Life& life, const Fields& record);
  void note_end_of_tenure(const std::string& id, Life& life, const Fields& record);
  void note_ending(const std::string& id, Life& life, const Fields& record);
  void join_line(const std::string& id, const Fields& record);
  void complain(const std::string& id, const std::string& what);

  std::map<std::string, Fields> records_;
  // Of the present transaction: its jobs in the order in which it came to them, their records before, who was swept.
  std::vector<std::string> touched_;
  std::map<std::string, Fields> before_;
  std::set<std::string> swept_;
  std::map<std::string, std::vector<std::string>> lines_;
  std::map<std::string, Life> lives_;
  std::set<std::string> owing_;  ///< jobs that noted removals since their last ending
  std::size_t endings_ = 0;
  std::vector<std::string> wrong_;
};

std::string text(const Fields& record, const std::string& name);
long number(const Fields& record, const std::string& name);
bool is_final(const std::string& state);

}  // namespace chaos
