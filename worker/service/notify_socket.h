#pragma once

#include <chrono>
#include <string>

namespace worker::service {

/// What a supervisor that started us wants to be told, as sd_notify(3) and sd_watchdog_enabled(3) have it.
struct Supervision {
  std::string socket;                     ///< a path, or, with @ in front, an abstract name; empty: nothing
  std::chrono::microseconds watchdog{0};  ///< it wants a sign of life that often; 0: none
};

/// Takes them out of the environment: they are for us, not for programs that we start.
Supervision take_supervision_from_environment();

/// Speaks to the supervisor. Nobody there, or nobody who reads, holds nothing up.
class NotifySocket {
 public:
  explicit NotifySocket(std::string address);
  ~NotifySocket();
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  /// Whether it need not be said again: false while the supervisor has not read what it was told before.
  bool send(const std::string& message) const;

 private:
  std::string address_;
  int descriptor_ = -1;
};

}  // namespace worker::service
