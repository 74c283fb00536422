#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <vector>

#include "config/commands.h"
#include "queue/producer.h"

namespace worker::cli {

inline constexpr std::size_t most_targets = 100'000;

struct AskedEntry {
  queue::InboxEntry entry;
  std::size_t line = 0;  ///< of --from, counted from 1; 0: it came as TARGET
};

/// The inbox entries of what was asked for, in order: one for the target, or one for each line of `lines` (targets;
/// blank lines and what follows a # are skipped). All is checked by the grammar first: throws config::BadUsage that
/// names the option, or the line.
std::vector<AskedEntry> entries_for(const config::Enqueue& asked, std::istream& lines);

}  // namespace worker::cli
