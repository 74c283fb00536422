#pragma once

#include <functional>
#include <optional>
#include <string>

#include "worker/awaitable.h"
#include "worker/service/notices.h"
#include "worker/service/notify_socket.h"
#include "worker/service/vital_signs.h"

namespace worker::service {

/// Looks at the vital signs a few times a second, logs which one stopped, and tells the supervisor how we are: no sign
/// of life goes out while one is missing.
class Heartbeat {
 public:
  /// `signs` outlives it. What `condition` says of a stopped part is overwritten.
  Heartbeat(const Supervision& supervision, VitalSigns& signs, std::function<Condition()> condition);

  /// Until cancelled.
  Awaitable<void> run();
  /// What there is to tell now: for what cannot wait until the next look.
  void beat();
  /// Carries it out, and tells the supervisor before and after.
  void reload(const std::function<void()>& work);

 private:
  void log_change();

  VitalSigns& signs_;
  std::function<Condition()> condition_;
  std::chrono::microseconds pause_;
  NotifySocket socket_;
  Notices notices_;
  std::string told_stuck_;  ///< the part that the log last spoke of; empty: all move
};

}  // namespace worker::service
