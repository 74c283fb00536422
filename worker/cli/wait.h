#pragma once

#include <chrono>

#include "queue/awaitable.h"

namespace worker::cli {

/// Between two looks at a record: progress gets there at most four times a second.
inline constexpr std::chrono::milliseconds between_looks{250};

queue::Awaitable<void> wait_for(std::chrono::milliseconds time);

}  // namespace worker::cli
