#include "fhir/pressure.h"

#include <algorithm>
#include <cmath>

namespace fhir {
namespace {

/// A server is busy where round trips grow by more than this power of the number in flight; at 1 it serves no more.
constexpr double busy = 0.85;
/// So much slower or faster than usual (as a logarithm), and it is another server than before.
constexpr double great_change = 0.4;
/// In rounds: what trials cost stays below half a hundredth, and a server that recovers is noticed within a minute or
/// two.
constexpr int longest_rest = 96;
/// Rests from here on follow a trial that failed: the limit is not far wrong, and trials may be finer.
constexpr int long_rest = 4;
constexpr std::size_t fewest_answers = 24;
/// How often a trial's round goes on because chance could still decide, in standard deviations.
constexpr std::size_t most_rounds = 4;
constexpr double sureness = 1.5;
/// Of a new round in the average of its rest.
constexpr double weight = 0.3;

/// Of a round trip, in seconds: most of what is shorter is our own, and a server so quick needs no sparing.
constexpr double quick = 0.002;

double deviation(double variance, double other_variance) {
  return std::sqrt(variance + other_variance);
}

bool is_quick(double mean) {
  return mean < std::log(quick);
}

double growth(std::size_t before, std::size_t after) {
  return std::log(static_cast<double>(after) / static_cast<double>(before));
}

}  // namespace

void AdaptiveLimit::Round::add(Clock::duration round_trip) {
  const double seconds = std::chrono::duration<double>(round_trip).count();
  const double logarithm = std::log(std::max(seconds, 1e-6));
  ++answers;
  sum += logarithm;
  squares += logarithm * logarithm;
}

AdaptiveLimit::RoundTrip AdaptiveLimit::Round::average() const {
  const auto n = static_cast<double>(answers);
  const double mean = sum / n;
  return {mean, std::max(squares / n - mean * mean, 0.0) / n};
}

AdaptiveLimit::AdaptiveLimit(std::size_t most) : most_(std::max<std::size_t>(most, 1)), limit_(most_) {}

void AdaptiveLimit::served(Clock::time_point sent_at, Clock::time_point now, std::size_t in_flight) {
  if (sent_at < set_at_ || in_flight * 2 <= limit_) return;
  if (++settling_ <= limit_) return;
  round_.add(now - sent_at);
  if (round_.answers < std::max(limit_, fewest_answers)) return;
  if (trial_) {
    judge(*trial_, round_.average(), now);
  } else {
    const RoundTrip round_trip = round_.average();
    round_ = {};
    watch(round_trip, now);
  }
}

/// What a trial has brought about is put right by ending it; else the limit falls.
void AdaptiveLimit::overloaded(Clock::time_point sent_at, Clock::time_point now) {
  if (sent_at < lowered_at_) return;
  const std::size_t known = trial_ && tries_more() ? trial_->limit_before : limit_;
  const bool trial_did_it = tries_more() && sent_at >= set_at_;
  if (!trial_did_it) next_rest_ = 1;
  lowered_at_ = now;
  next_trial_ = Direction::up;
  rest(trial_did_it ? known : std::max<std::size_t>(known * 7 / 10, 1), std::nullopt, now);
}

void AdaptiveLimit::judge(const Trial& trial, RoundTrip round_trip, Clock::time_point now) {
  const double slower = round_trip.mean - trial.before.mean;
  const double allowed = busy * growth(trial.limit_before, limit_);
  const double chance = sureness * deviation(round_trip.variance, trial.before.variance);
  const bool goes_on = round_.answers < most_rounds * std::max(limit_, fewest_answers);
  if (goes_on && std::abs(slower - allowed) < chance) return;
  const bool spared = !is_quick(round_trip.mean);
  if (slower > allowed && spared) {
    rest(trial.limit_before, trial.before, now);
    return;
  }
  next_rest_ = 1;
  begin_trial(tries_more() || !spared ? Direction::up : Direction::down, round_trip, now);
}

void AdaptiveLimit::watch(RoundTrip round_trip, Clock::time_point now) {
  const bool spared = !is_quick(round_trip.mean);
  if (!spared && limit_ == most_) return;
  const RoundTrip usual = usual_.value_or(round_trip);
  const double change = round_trip.mean - usual.mean;
  if (std::abs(change) > std::max(great_change, 3 * deviation(round_trip.variance, usual.variance))) {
    next_rest_ = 1;
    begin_trial(change > 0 && spared ? Direction::down : Direction::up, round_trip, now);
    return;
  }
  constexpr double rest_of_weight = 1 - weight;
  usual_ = RoundTrip{usual.mean + weight * change,
                     rest_of_weight * rest_of_weight * usual.variance + weight * weight * round_trip.variance};
  if (--rounds_to_rest_ > 0) return;
  Direction direction = next_trial_;
  if (limit_ == most_) direction = Direction::down;
  if (limit_ == 1 || !spared) direction = Direction::up;
  next_trial_ = direction == Direction::up ? Direction::down : Direction::up;
  begin_trial(direction, *usual_, now);
}

void AdaptiveLimit::begin_trial(Direction direction, RoundTrip before, Clock::time_point now) {
  const std::size_t step = std::max<std::size_t>(limit_ / (next_rest_ >= long_rest ? 8 : 4), 1);
  const std::size_t tried =
      direction == Direction::up ? std::min(limit_ + step, most_) : limit_ - std::min(step, limit_ - 1);
  if (tried == limit_) {
    rest(limit_, before, now);
    return;
  }
  trial_ = Trial{limit_, before};
  set(tried, now);
}

void AdaptiveLimit::rest(std::size_t limit, std::optional<RoundTrip> usual, Clock::time_point now) {
  trial_.reset();
  usual_ = usual;
  rounds_to_rest_ = next_rest_;
  next_rest_ = std::min(next_rest_ * 4, longest_rest);
  set(limit, now);
}

void AdaptiveLimit::set(std::size_t limit, Clock::time_point now) {
  round_ = {};
  if (limit == limit_) return;
  limit_ = limit;
  set_at_ = now;
  settling_ = 0;
}

}  // namespace fhir
