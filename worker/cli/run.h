#pragma once

#include "config/command_line.h"

namespace worker::cli {

/// Runs any command but the worker; the exit code. Throws config::BadUsage before anything is connected, else what the
/// command throws.
int run(const config::Invocation& asked);

}  // namespace worker::cli
