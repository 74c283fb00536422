#include "worker/readiness.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "worker/log.h"

namespace worker {
namespace {

constexpr std::array<std::string_view, 3> introductions{"redis does not answer: ", "redis refuses: ", ""};

}  // namespace

void Readiness::note(Part part, std::string trouble, Clock::time_point now) {
  State next(std::move(trouble));
  if (std::exchange(state_of(part), next) != next) tell(now);
}

bool Readiness::ready() const {
  return std::ranges::all_of(states_, [](const State& state) { return state && state->empty(); });
}

std::string Readiness::why() const {
  std::string reasons;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    if (!states_[i] || states_[i]->empty()) continue;
    reasons.append(reasons.empty() ? "" : "; ").append(introductions[i]).append(*states_[i]);
  }
  return reasons;
}

Readiness::IllParts Readiness::ill_parts() const {
  IllParts ill{};
  std::ranges::transform(states_, ill.begin(), [](const State& state) { return state && !state->empty(); });
  return ill;
}

void Readiness::tell(Clock::time_point now) {
  const std::string reasons = why();
  const IllParts ill = ill_parts();
  if (reasons.empty() && !ready()) return;
  const bool changed = told_ill_ != ill;
  const bool other_reason = told_ != reasons && now - told_at_ >= pause_;
  if (!changed && !other_reason) return;
  if (told_.empty()) ill_since_ = now;
  pause_ = changed ? first_pause : pause_ * 2;
  told_ill_ = ill;
  told_at_ = now;
  const bool was_ill = !std::exchange(told_, reasons).empty();
  if (!reasons.empty())
    log::event(log::Level::error, "not ready", {{"why", reasons}});
  else if (was_ill)
    log::event(log::Level::info, "ready",
               {{"afterSeconds", std::chrono::duration_cast<std::chrono::seconds>(now - ill_since_).count()}});
  else
    log::event(log::Level::info, "ready");
}

}  // namespace worker
