#pragma once

#include <cstdint>
#include <optional>

namespace worker::http {

/// What the kernel says of this process; nothing of what it does not say here.
struct Process {
  std::optional<double> cpu_seconds;
  std::optional<double> start_time_seconds;  ///< since 1970
  std::optional<double> resident_bytes;
  std::optional<double> virtual_bytes;
  std::optional<double> open_files;
  std::optional<double> most_files;
};
Process look_at_process();

}  // namespace worker::http
