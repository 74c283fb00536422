#include "worker/service/reload.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace worker::service {
namespace {

/// One that may change under a running worker: whoever needs it is told, or asks each time.
struct Changeable {
  std::string_view name;
  void (*copy)(const config::Settings& from, config::Settings& to);
};

using Settings = config::Settings;

constexpr std::array changeable{
    Changeable{"log-level", [](const Settings& from, Settings& to) { to.log.level = from.log.level; }},
    Changeable{"concurrency", [](const Settings& from, Settings& to) { to.fhir.concurrency = from.fhir.concurrency; }},
    Changeable{"jobs", [](const Settings& from, Settings& to) { to.worker.jobs = from.worker.jobs; }},
    Changeable{"page-size", [](const Settings& from, Settings& to) { to.worker.page_size = from.worker.page_size; }},
    Changeable{"max-attempts",
               [](const Settings& from, Settings& to) { to.worker.max_attempts = from.worker.max_attempts; }},
    Changeable{"verify", [](const Settings& from, Settings& to) { to.worker.verify = from.worker.verify; }},
    Changeable{"keep-finished",
               [](const Settings& from, Settings& to) { to.worker.keep_finished = from.worker.keep_finished; }},
    Changeable{"grace", [](const Settings& from, Settings& to) { to.worker.grace = from.worker.grace; }},
    Changeable{"sync-timeout",
               [](const Settings& from, Settings& to) { to.http.sync_timeout = from.http.sync_timeout; }},
    Changeable{"caller-rate", [](const Settings& from, Settings& to) { to.http.caller_rate = from.http.caller_rate; }},
};

void note(std::string& changes, const std::string& change) {
  changes.append(changes.empty() ? "" : ", ").append(change);
}

std::string shown(const std::string& value) {
  return value.empty() ? "nothing" : value;
}

std::string change_of(const config::SettingInForce& before, const config::SettingInForce& now) {
  return before.name + " " + shown(before.value) + " → " + shown(now.value);
}

}  // namespace

Changes take_over(config::Invocation& before, const config::Invocation& now) {
  Changes changes;
  for (const config::SettingInForce& setting : now.in_force) {
    const auto old = std::ranges::find(before.in_force, setting.name, &config::SettingInForce::name);
    if (old == before.in_force.end() || old->value == setting.value) continue;
    const auto may_change = std::ranges::find(changeable, setting.name, &Changeable::name);
    if (may_change == changeable.end()) {
      note(changes.need_restart, change_of(*old, setting));
      continue;
    }
    note(changes.taken_over, change_of(*old, setting));
    may_change->copy(now.settings, before.settings);
    *old = setting;
  }
  const bool same_shown = changes.need_restart.find("redis-url ") == std::string::npos;
  if (same_shown && before.settings.redis.url != now.settings.redis.url)
    note(changes.need_restart, "redis-url (its password)");
  return changes;
}

config::Invocation read_again(const ReadSettings& read, const std::string& config_file) {
  std::error_code gone;
  if (!config_file.empty() && !std::filesystem::is_regular_file(config_file, gone))
    throw config::BadUsage("--config: " + config_file + " is not there any more, or no file that can be read twice");
  return read();
}

}  // namespace worker::service
