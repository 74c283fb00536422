#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "queue/job.h"
#include "tests/queue/explorer_model.h"
#include "tests/queue/snapshot.h"

namespace test {

/// Something that may happen to the queue.
struct Action {
  enum class Kind {
    add,
    cancel,
    retry,
    pause,
    resume,
    claim,
    claim_again,  ///< the last request for a job comes a second time: its answer was lost, or the network is late
    owe,
    renew,
    get_further,  ///< renew, with more resources updated than ever
    complete,
    fail,
    end_cancelled,
    try_again,
    hand_back,
    repeat,  ///< a worker's last call for a job comes a second time
    crash,
    lease_ends,
    sweep,
    delay_ends,
    promote,
    record_expires,
    forget,
  };
  Kind kind = Kind::add;
  std::size_t worker = 0;
  // NOLINTNEXTLINE(readability-redundant-member-init): designated initialisers may leave it out
  std::string job = {};
  std::string text() const;
};

/// A job that a producer may ask for.
struct Wish {
  std::string id;
  std::string target;
  // NOLINTNEXTLINE(readability-redundant-member-init): designated initialisers may leave it out
  std::string batch = {};
  int priority = 0;
  int max_attempts = 2;
  Model::Kind kind = Model::Kind::queued;
};

/// What a worker says of a job that it holds, or believes to hold.
struct Call {
  Action::Kind kind = Action::Kind::renew;
  queue::Job job;
  queue::Verdict verdict;  ///< also the progress
  std::string account;
};

/// A worker with one slot.
struct Worker {
  std::string token;
  int claims = 0;
  std::optional<queue::Job> held;  ///< what it believes to hold
  std::optional<Call> last;
};

/// All that there is: can be kept and gone back to.
struct State {
  Snapshot keys;
  Model model;
  std::vector<Worker> workers;
  std::int64_t entries = 0;
  std::map<std::string, std::int64_t> claims;  ///< the highest claim number that each id ever had
};

/// All that may happen in this state, if producers may ask for those jobs.
std::vector<Action> possible(const State& state, const std::vector<Wish>& wishes);

/// Where the keys differ from what the model says; empty if nowhere.
std::string difference(const Model& model, const Snapshot& keys);
/// What one step did that none may do; empty if nothing.
std::string broken_step(const Snapshot& before, const Snapshot& after, const Action& action);
/// Equal for two states that differ in nothing but times and numbers that only rise.
std::string canonical(const State& state);

}  // namespace test
