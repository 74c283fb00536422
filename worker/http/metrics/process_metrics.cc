#include "worker/http/metrics/process.h"
#include "worker/http/metrics/told.h"

namespace worker::http {

void tell_process(Families& families) {
  const Process process = look_at_process();
  const auto gauge = [&](const char* name, const char* help, std::optional<double> value) {
    if (value) add_gauge(families, name, help, *value);
  };
  if (process.cpu_seconds)
    add_counter(families, "process_cpu_seconds_total", "Time on a processor, in user and system mode.",
                *process.cpu_seconds);
  gauge("process_start_time_seconds", "When the process was started, in seconds since 1970.",
        process.start_time_seconds);
  gauge("process_resident_memory_bytes", "Memory that is in RAM.", process.resident_bytes);
  gauge("process_virtual_memory_bytes", "Address space in use.", process.virtual_bytes);
  gauge("process_open_fds", "Open file descriptors.", process.open_files);
  gauge("process_max_fds", "How many there may be.", process.most_files);
}

}  // namespace worker::http
