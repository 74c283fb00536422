#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "tests/bench/plain_connection.h"

namespace bench {

/// Listens to what the queue publishes.
class Events {
 public:
  explicit Events(const std::filesystem::path& socket);

  /// When the job was said to be in that state, counted from now on in what was published; throws std::runtime_error if
  /// it is not said within a minute.
  std::chrono::steady_clock::time_point wait_for(const std::string& job, const std::string& state);
  /// Hears nothing any more: what nobody reads would pile up in Redis.
  void stop();
  /// Leaves out what was published up to now.
  void forget_the_past();

 private:
  PlainConnection connection_;
};

}  // namespace bench
