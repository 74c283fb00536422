#pragma once

#include "config/settings.h"

namespace worker {

/// Runs the daemon until it is told to end or, with --drain, has nothing left to do; the exit code.
int run_daemon(const config::Settings& settings);

}  // namespace worker
