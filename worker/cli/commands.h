#pragma once

#include <functional>

#include "config/command_line.h"
#include "queue/awaitable.h"
#include "worker/cli/session.h"

namespace worker::cli {

/// A command's work once Redis can be reached; answers the exit code. What it throws is for the user, exit code 1.
using Errand = std::function<queue::Awaitable<int>(Session& session)>;

/// Each command checks here all it can without a connection (config::BadUsage) and answers what is left to do.
Errand prepare(const config::Enqueue& asked);
Errand prepare(const config::Status& asked);
Errand prepare(const config::Jobs& asked);
Errand prepare(const config::Cancel& asked);
Errand prepare(const config::Retry& asked);
Errand prepare(const config::Pause& asked);
Errand prepare(const config::Resume& asked);
Errand prepare(const config::Owed& asked);
/// Shows the settings in force at once.
Errand prepare_check(const config::Invocation& asked);

}  // namespace worker::cli
