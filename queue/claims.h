#pragma once

#include <optional>
#include <string>

#include "queue/moves.h"
#include "queue/waiting_room.h"

namespace queue {

/// Hands out jobs to those who wait for one; one of them claims at a time.
class Claims {
 public:
  explicit Claims(Moves& moves);

  /// See JobQueue::take().
  Awaitable<std::optional<Job>> take();
  void stop();
  void resume() { stopped_ = false; }

  /// A job may be ready: whoever waits looks now.
  void wake();
  /// While renewals fail nothing is claimed: this worker may be the one that is cut off.
  void renewals_fail(bool failing);

  /// Where in {Q}:wake the next news is.
  const std::string& last_wake() const { return last_wake_; }
  void seen_wake(std::string id) { last_wake_ = std::move(id); }

 private:
  bool may_claim() const { return !claiming_ && !renewals_fail_; }
  bool worth_a_look() const { return none_at_wake_ != wakes_ || Clock::now() >= look_anyway_; }
  Awaitable<std::optional<Job>> claim();
  Awaitable<Moves::Claim> ask();

  Moves& moves_;
  WaitingRoom room_;
  std::string last_wake_ = "0-0";
  std::string token_;
  std::uint64_t wakes_ = 1;         ///< how often a job may have become ready
  std::uint64_t none_at_wake_ = 0;  ///< the last time there was none, for everybody
  Clock::time_point look_anyway_;   ///< though nobody said that a job became ready
  bool claiming_ = false;
  bool renewals_fail_ = false;
  bool stopped_ = false;
};

}  // namespace queue
