#pragma once

#include <cstddef>
#include <optional>

#include "fhir/stop.h"

namespace fhir {

/// How many PATCHes may be in flight, between 1 and `most`: as many as still make the server serve more of them.
///
/// It climbs by trial. Now and then it lets somewhat more or less in flight for a round and compares the round trips:
/// where they grow nearly as much as the number in flight, more requests only wait longer (Little's law), and fewer
/// serve as well or better. A trial that fails is taken back, and the next one waits longer. Between trials a round
/// that differs much from what is usual says that the server has changed, and brings the next trial at once. A refusal
/// for overload needs no comparison: then it falls at once. Where round trips take less than two milliseconds it
/// only climbs.
///
/// PATCHes are compared with PATCHes alone: a page of a thousand resources takes its time on an idle server, too.
class AdaptiveLimit {
 public:
  /// It starts at `most`, so that small jobs run at once; the first trial is downwards.
  explicit AdaptiveLimit(std::size_t most);

  std::size_t limit() const { return limit_; }

  /// A request sent at `sent_at` was served while `in_flight`, itself included, were. Nothing is learnt of a limit that
  /// is not half used.
  void served(Clock::time_point sent_at, Clock::time_point now, std::size_t in_flight);
  /// It met 429 without a quota, 503 or a timeout: less, but once for all that were in flight together.
  void overloaded(Clock::time_point sent_at, Clock::time_point now);

 private:
  /// The logarithm of a round trip, so that an outlier does not decide, and how far chance may have moved it.
  struct RoundTrip {
    double mean = 0;
    double variance = 0;
  };
  /// Answers to requests that were all sent under one limit.
  struct Round {
    std::size_t answers = 0;
    double sum = 0, squares = 0;  ///< of the logarithms
    void add(Clock::duration round_trip);
    RoundTrip average() const;
  };
  struct Trial {
    std::size_t limit_before;
    RoundTrip before;
  };
  enum class Direction { up, down };

  bool tries_more() const { return trial_ && trial_->limit_before < limit_; }
  void judge(const Trial& trial, RoundTrip round_trip, Clock::time_point now);
  void watch(RoundTrip round_trip, Clock::time_point now);
  void begin_trial(Direction direction, RoundTrip before, Clock::time_point now);
  void rest(std::size_t limit, std::optional<RoundTrip> usual, Clock::time_point now);
  void set(std::size_t limit, Clock::time_point now);

  std::size_t most_;
  std::size_t limit_;
  Clock::time_point set_at_ = Clock::time_point::min();
  Clock::time_point lowered_at_ = Clock::time_point::min();  ///< for an overload
  std::size_t settling_ = 0;  ///< answers since it was set; as many as are in flight count for nothing
  Round round_;

  std::optional<Trial> trial_;      ///< under way; else it rests
  std::optional<RoundTrip> usual_;  ///< averaged over the rounds of a rest
  int rounds_to_rest_ = 4;          ///< before the next trial
  int next_rest_ = 4;               ///< four times as long with each trial that fails
  Direction next_trial_ = Direction::down;
};

}  // namespace fhir
