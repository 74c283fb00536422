#include "worker/readiness.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "worker/log.h"

namespace worker {
namespace {

constexpr std::array<std::string_view, 3> introductions{"redis does not answer: ", "redis refuses: ", ""};

}  // namespace

void Readiness::note(Part part, std::string trouble) {
  State next(std::move(trouble));
  if (std::exchange(state_of(part), next) != next) tell();
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

void Readiness::tell() const {
  const std::string reasons = why();
  if (!reasons.empty())
    log::event(log::Level::error, "not ready", {{"why", reasons}});
  else if (ready())
    log::event(log::Level::info, "ready");
}

}  // namespace worker
