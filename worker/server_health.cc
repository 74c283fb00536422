#include "worker/server_health.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "worker/concurrency.h"
#include "worker/log.h"

namespace worker {
namespace {

constexpr auto longest_hope = std::chrono::seconds(10);

}  // namespace

ServerHealth::ServerHealth(fhir::Client& client, fhir::Stop& stop, Readiness& readiness, service::VitalSigns& signs)
    : ServerHealth(client, stop, readiness, signs, Pauses()) {}

ServerHealth::ServerHealth(fhir::Client& client, fhir::Stop& stop, Readiness& readiness, service::VitalSigns& signs,
                           Pauses pauses)
    : client_(client),
      stop_(stop),
      readiness_(readiness),
      pauses_(pauses),
      sign_(signs, "the probing of the FHIR server", pauses.longest + pauses.longest_probe,
            [this] { return !up_ && !stop_.requested(); }) {}

void ServerHealth::report(std::string trouble, bool passing) {
  if (up_) down_since_ = fhir::Clock::now();
  up_ = false;
  passing_ = passing;
  trouble_ = std::move(trouble);
  readiness_.note(Readiness::Part::fhir, trouble_);
  changed_.notify_all();
}

bool ServerHealth::hopeless() const {
  if (up_ || trouble_.empty()) return false;
  return !passing_ || fhir::Clock::now() - down_since_ >= longest_hope;
}

Awaitable<void> ServerHealth::wait_until_up() {
  while (!up_) co_await changed_.wait(stop_);
}

Awaitable<void> ServerHealth::wait_until_down() {
  while (up_) co_await changed_.wait(stop_);
}

/// A server that looks well and fails whoever works with it must not be tried in a tight loop: the pauses grow over
/// such false recoveries too.
Awaitable<void> ServerHealth::watch() {
  for (;;) {
    co_await probe_until_up();
    const auto up_since = fhir::Clock::now();
    co_await wait_until_down();
    if (fhir::Clock::now() - up_since >= pauses_.well_again) pause_ = pauses_.first;
    co_await pause_longer_each_time();
  }
}

Awaitable<void> ServerHealth::pause_longer_each_time() {
  const auto pause = pause_;
  pause_ = std::min<fhir::Clock::duration>(pause_ * 2, pauses_.longest);
  co_await stop_.pause(pause);
}

Awaitable<void> ServerHealth::probe_until_up() {
  for (;;) {
    std::optional<fhir::ServerUnavailable> trouble;
    sign_.moved();
    try {
      co_await guarded(client_.probe(), fhir::until_stopped(stop_));
    } catch (const fhir::ServerUnavailable& unavailable) {
      trouble = unavailable;
    }
    if (!trouble) break;
    report(trouble->what(), trouble->passing);
    co_await pause_longer_each_time();
  }
  up_ = true;
  const std::string& warning = client_.facts().warning;
  if (!warning.empty()) log::event(log::Level::warning, "FHIR server", {{"warning", warning}});
  if (client_.facts().software.empty())
    log::event(log::Level::warning, "FHIR server",
               {{"warning", "it does not say what it is: see that --fhir-url is its base; set-accounts check"}});
  log::event(log::Level::info, "FHIR server",
             {{"software", client_.facts().software}, {"login", client_.facts().login}});
  readiness_.note(Readiness::Part::fhir, {});
  changed_.notify_all();
}

}  // namespace worker
