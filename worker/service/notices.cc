#include "worker/service/notices.h"

#include <utility>

#include "worker/printable.h"

namespace worker::service {
namespace {

std::string counted(std::size_t jobs) {
  return std::to_string(jobs) + (jobs == 1 ? " job" : " jobs");
}

void add_line(std::string& message, const std::string& line) {
  message.append(message.empty() ? "" : "\n").append(line);
}

/// systemd throws a message of more than 4096 bytes away, and all that stands in it.
std::string cut(const std::string& text) {
  constexpr std::size_t most = 1000;
  return text.size() <= most ? text : text.substr(0, most) + "…";
}

std::string microseconds(std::chrono::microseconds time) {
  return std::to_string(time.count());
}

}  // namespace

std::string status_of(const Condition& condition) {
  if (condition.stopped)
    return "stuck: " + condition.stopped->part + " has not moved for " +
           std::to_string(condition.stopped->still.count()) + " s";
  if (condition.stopping) return "draining: " + counted(condition.running) + " left";
  if (!condition.trouble.empty()) return printable("waiting: " + cut(condition.trouble));
  if (!condition.ready) return "waiting for Redis and the FHIR server";
  return "ready: " + std::to_string(condition.running) + " of " + counted(condition.slots) + " running";
}

std::string Notices::next(const Condition& condition, Clock::time_point now) {
  std::string message;
  const bool ready_first = condition.ready && !told_ready_;
  if (!condition.stopping && (ready_first || std::exchange(reloads_, false))) {
    told_ready_ = true;
    add_line(message, "READY=1");
  }
  if (condition.stopping && !std::exchange(told_stopping_, true)) add_line(message, "STOPPING=1");
  const std::string status = status_of(condition);
  if (std::exchange(told_status_, status) != status) add_line(message, "STATUS=" + status);
  if (condition.stopped) return message;  // then the supervisor is to hear no more that all is well
  if (condition.stopping && now >= next_extension_) {
    next_extension_ = now + between_extensions;
    add_line(message, "EXTEND_TIMEOUT_USEC=" + microseconds(extension));
  }
  if (watchdog_.count() > 0 && now >= next_ping_) {
    next_ping_ = now + watchdog_ / 3;
    add_line(message, "WATCHDOG=1");
  }
  return message;
}

std::string Notices::reloading(Clock::time_point now) {
  if (!told_ready_ || told_stopping_) return {};
  reloads_ = true;
  const auto since_boot = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
  return "RELOADING=1\nMONOTONIC_USEC=" + microseconds(since_boot);
}

}  // namespace worker::service
