#pragma once

#include "queue/audit_trail.h"

namespace worker {

/// The line that says for good how a job ended: who asked for what, what it found, what it did. It goes to the log
/// whatever the log's level is. False if the log takes no line now.
bool write_audit_line(const queue::Ending& ending);

}  // namespace worker
