#include "queue/job.h"

#include <array>
#include <cstddef>

namespace queue {
namespace {

constexpr std::array<std::string_view, 6> state_names{"queued",    "scheduled", "running",
                                                      "completed", "failed",    "cancelled"};
constexpr std::array<std::string_view, 4> phase_names{"plan", "target", "sweep", "verify"};

}  // namespace

std::string_view name_of(JobState state) {
  return state_names.at(static_cast<std::size_t>(state));
}

std::optional<JobState> job_state(std::string_view name) {
  for (std::size_t i = 0; i < state_names.size(); ++i)
    if (state_names.at(i) == name) return static_cast<JobState>(i);
  return std::nullopt;
}

std::string_view name_of(Phase phase) {
  return phase_names.at(static_cast<std::size_t>(phase));
}

}  // namespace queue
