#pragma once

#include <functional>
#include <string>

#include "config/command_line.h"

namespace worker::service {

/// Reads flags, environment and file as at the start; throws config::BadUsage.
using ReadSettings = std::function<config::Invocation()>;

/// What reading the settings again found, for the log; no secret in it.
struct Changes {
  std::string taken_over;    ///< "jobs 8 → 4, log-level info → debug"
  std::string need_restart;  ///< "lease 15s → 30s": as before until then
  bool operator==(const Changes&) const = default;
};

/// Of two readings; `before` is changed to what is in force from now on: of what may not change while the worker runs
/// it keeps its own values.
Changes take_over(config::Invocation& before, const config::Invocation& now);

/// `read`, but a file that cannot be read a second time, such as a pipe, is refused and not waited for.
config::Invocation read_again(const ReadSettings& read, const std::string& config_file);

}  // namespace worker::service
