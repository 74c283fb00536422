#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "queue/records.h"

namespace worker::cli {

/// A record for people, a line each thing.
std::string text_of(const queue::Record& record);

/// `2026-11-21 09:27:02`, local time; empty for 0.
std::string time_text(std::uint64_t milliseconds);

}  // namespace worker::cli
