#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "config/histogram.h"
#include "fhir/accounts_patcher.h"

namespace worker {

/// How an attempt ended: its verdict as Redis took it, or without one.
enum class AttemptEnd { completed, failed, again, cancelled, handed_back, lost, left };
inline constexpr std::size_t attempt_ends = 7;

/// What became of resources, by fhir::Outcome, each time that one was looked at.
using Outcomes = std::array<std::uint64_t, 6>;

/// What this process has done since it began; for whoever watches it.
struct Tally {
  Outcomes outcomes{};
  std::array<std::uint64_t, attempt_ends> attempts{};
  config::Histogram<10'000'000, 20> attempt_time;  ///< from the claim to the end; 10 ms to 87 minutes
};

}  // namespace worker
