#include "fhir/quota.h"

#include <algorithm>
#include <utility>

namespace fhir {
namespace {

const std::string by_cost = "fhirInteractions";

/// A hostile header must not make the map grow.
constexpr std::size_t most_limits = 16;
/// Nor may a mistaken one stop us for a day: after this long one request finds out.
constexpr std::chrono::seconds longest_reset = std::chrono::minutes(5);
/// So far past the last refusal without another one, and that taught us nothing.
constexpr long longest_caution = 10 * Quota::patch_cost;
/// Others may spend so many writes' worth before we hear of it, and this part of what they have spent already.
constexpr long writes_at_once = 10, part_at_once = 4;

}  // namespace

std::optional<Clock::time_point> Quota::held_until(long cost, Clock::time_point now) const {
  if (now < closed_until_) return closed_until_;
  if (requests_in_flight_ == 0 && careful_) return std::nullopt;
  if (careful_) return Clock::time_point::max();
  if (requests_in_flight_ > 0 && near_the_last_refusal(cost)) return Clock::time_point::max();
  std::optional<Clock::time_point> held;
  for (const auto& [name, window] : windows_) {
    const bool turned = now >= window.reset_at;
    if (!turned && requests_in_flight_ > 0 && others_may_be_quicker(name, window)) {
      held = Clock::time_point::max();
      continue;
    }
    const long left = (turned ? window.largest : window.remaining) - in_flight(name);
    if (left >= units(name, cost) || (turned && requests_in_flight_ == 0)) continue;
    const auto until = turned ? Clock::time_point::max() : window.reset_at;
    held = held ? std::max(*held, until) : until;
  }
  return held;
}

void Quota::sent(long cost) {
  ++requests_in_flight_;
  cost_in_flight_ += cost;
}

void Quota::answered(long cost, Clock::time_point sent_at, Clock::time_point now, const std::vector<RateLimit>& limits,
                     bool refused) {
  --requests_in_flight_;
  cost_in_flight_ -= cost;
  if (!refused) {
    if (careful_ && sent_at >= closed_until_) {
      careful_ = false;
      last_spent_ = std::exchange(spent_, 0);
    }
    spent_ += cost;
    if (last_spent_ && spent_ > *last_spent_ + longest_caution) last_spent_.reset();
  }
  for (const auto& limit : limits) note(limit, cost, sent_at, now);
}

void Quota::lost(long cost) {
  --requests_in_flight_;
  cost_in_flight_ -= cost;
  for (auto& [name, window] : windows_) window.remaining = std::max(0L, window.remaining - units(name, cost));
}

void Quota::closed_until(Clock::time_point reset) {
  closed_until_ = std::max(closed_until_, reset);
  careful_ = true;
}

std::vector<Quota::Standing> Quota::standings(Clock::time_point now) const {
  std::vector<Standing> standings;
  for (const auto& [name, window] : windows_) {
    const long held = now >= window.reset_at ? window.largest : window.remaining;
    standings.push_back({name, std::max(0L, held - in_flight(name)), window.largest,
                         std::max(Clock::duration::zero(), window.reset_at - now)});
  }
  return standings;
}

Clock::duration Quota::closed_for(Clock::time_point now) const {
  return std::max(Clock::duration::zero(), closed_until_ - now);
}

bool Quota::near_the_last_refusal(long cost) const {
  return windows_.empty() && last_spent_ && spent_ + cost_in_flight_ + cost > *last_spent_;
}

/// What is gone and was neither charged for us nor can be on our account yet.
long Quota::spent_by_others(const std::string& limit, const Window& window) const {
  return std::max(0L, window.largest - window.remaining - window.charged - in_flight(limit));
}

bool Quota::others_may_be_quicker(const std::string& limit, const Window& window) const {
  if (!window.shared && !window.was_shared) return false;
  const long at_once = spent_by_others(limit, window) / part_at_once + writes_at_once * units(limit, patch_cost);
  return window.remaining - in_flight(limit) < at_once;
}

long Quota::units(const std::string& limit, long cost) const {
  return limit == by_cost ? cost : 1;
}

long Quota::in_flight(const std::string& limit) const {
  return limit == by_cost ? cost_in_flight_ : requests_in_flight_;
}

/// The server rounds `t` up to whole seconds (Medplum) and said it somewhere between `sent_at` and `now`, so its reset
/// lies between `earliest` and `latest`.
void Quota::note(const RateLimit& limit, long cost, Clock::time_point sent_at, Clock::time_point now) {
  if (!windows_.contains(limit.name) && windows_.size() >= most_limits) return;
  Window& window = windows_[limit.name];
  const auto reset = std::min(limit.reset, longest_reset);
  const auto earliest = sent_at + reset - std::chrono::seconds(1);
  const auto latest = now + reset;
  window.largest = std::max(window.largest, limit.remaining + units(limit.name, cost));
  if (earliest >= window.reset_at) {
    window.remaining = limit.remaining;
    window.reset_at = latest;
    window.charged = units(limit.name, cost);
    window.was_shared = std::exchange(window.shared, false);
  } else if (now < window.reset_at) {
    window.remaining = std::min(window.remaining, limit.remaining);
    window.reset_at = std::min(window.reset_at, latest);
    window.charged += units(limit.name, cost);
  }
  window.shared = window.shared || spent_by_others(limit.name, window) > 0;
}

}  // namespace fhir
