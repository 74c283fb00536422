#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "config/settings.h"
#include "sandbox/server_options.h"
#include "tests/faults/trouble.h"

namespace faults {

/// Whose accounts a job sets.
enum class Who {
  patient,   ///< with the large compartment
  second,    ///< shares some of its members
  stranger,  ///< shares none
};

struct Job {
  Who who = Who::patient;
  std::vector<std::string> accounts;
};

/// A trouble, and when it strikes: with this probability, or so many times; a doing before the nth request of its kind.
struct Strike {
  Trouble trouble;
  double probability = 1;
  long times = 0;
  sandbox::RequestKind doing_before = sandbox::RequestKind::patch;
  int nth = 1;
};

/// All that is mixed into one run. The same seed makes the same mixture.
struct Mixture {
  std::uint64_t seed = 1;

  // the server
  sandbox::Paging paging = sandbox::Paging::cursor;
  bool login = false;
  bool search_mode = true;
  bool compartment_in_meta = true;
  bool if_match = true;
  bool real_time = false;
  sandbox::RateLimitHeader quota_header = sandbox::RateLimitHeader::two_lines;
  sandbox::RetryAfter retry_after = sandbox::RetryAfter::none;
  bool reset_in_outcome = true;
  long quota = 0;  ///< points in a second
  std::chrono::milliseconds latency{0};

  // the compartments
  std::size_t members = 40;
  std::size_t shared_every = 0;  ///< every so many members one of the second patient; 0: none

  // the work
  std::vector<Job> jobs = {{}};
  std::vector<std::string> owed;  ///< by the patient, from an earlier broken job
  std::size_t page_size = 20;
  config::Verify verify = config::Verify::full;

  /// Requests are given up soon, and jobs after few attempts: so that more of them fail.
  bool impatient = false;

  // the trouble
  std::vector<Strike> strikes;
  std::chrono::milliseconds trouble_lasts{1500};  ///< at most; then everything is well
  int workers = 1;
  std::size_t killed_after = 0;     ///< steps of the first worker, another one follows; 0: it lives
  std::size_t stopped_after = 0;    ///< the same, but gently
  std::size_t cancelled_after = 0;  ///< steps of it the first job is cancelled; 0: it is not
};

/// Quiet weather in a random setting: no strikes, no interruption.
Mixture random_setting(std::uint64_t seed);
/// And with several troubles, faults at up to 30 % of the requests, interruptions, several jobs.
Mixture random_mixture(std::uint64_t seed);

/// In a few lines, for whoever must find out what went wrong.
std::string shown(const Mixture& mixture);

}  // namespace faults
