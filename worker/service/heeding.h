#pragma once

#include <chrono>
#include <functional>
#include <stdexcept>

#include "worker/awaitable.h"

namespace worker::service {

/// The grace is over, or a second signal came: what is open is aborted.
struct Hurried : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What a daemon does when a signal tells it to.
struct Orders {
  std::function<void()> reload;                      ///< SIGHUP, at any time
  std::function<void()> stop;                        ///< the first SIGTERM or SIGINT
  std::function<std::chrono::milliseconds()> grace;  ///< asked again and again after it
};

/// Heeds the signals that reach the process, held ones first, until cancelled. Throws Hurried at the second SIGTERM or
/// SIGINT and when the grace is over. Meanwhile it takes leave of processes that lost their parent, where they are
/// ours.
Awaitable<void> heed_signals(Orders orders);

}  // namespace worker::service
