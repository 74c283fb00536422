#pragma once

#include <istream>
#include <string>
#include <vector>

#include "config/commands.h"
#include "queue/producer.h"

namespace worker::cli {

inline constexpr std::size_t most_targets = 100'000;

/// The inbox entries of what was asked for, in order: one for the target, or one for each line of `lines` (targets;
/// blank lines and what follows a # are skipped). All is checked by the grammar first: throws config::BadUsage that
/// names the option, or the line.
std::vector<queue::InboxEntry> entries_for(const config::Enqueue& asked, std::istream& lines);

}  // namespace worker::cli
