#pragma once

#include "config/command_line.h"
#include "worker/service/reload.h"

namespace worker {

/// Runs the daemon until it is told to end or, with --drain, has nothing left to do; the exit code. `read` reads the
/// settings again when a SIGHUP asks for it. Throws config::BadUsage for settings that cannot be used, and
/// std::exception where it cannot even begin.
int run_daemon(config::Invocation asked, const service::ReadSettings& read);

}  // namespace worker
