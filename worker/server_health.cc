#include "worker/server_health.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "worker/log.h"

namespace worker {
namespace {

constexpr auto first_pause = std::chrono::seconds(1);
constexpr auto longest_pause = std::chrono::seconds(30);
constexpr auto longest_hope = std::chrono::seconds(10);

}  // namespace

void ServerHealth::report(std::string trouble, bool passing) {
  const bool news = up_ || trouble_ != trouble;
  if (up_) down_since_ = fhir::Clock::now();
  up_ = false;
  passing_ = passing;
  trouble_ = std::move(trouble);
  if (news) log::event(log::Level::error, "not ready", {{"why", trouble_}});
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

Awaitable<void> ServerHealth::watch() {
  for (;;) {
    co_await probe_until_up();
    co_await wait_until_down();
  }
}

Awaitable<void> ServerHealth::probe_until_up() {
  for (fhir::Clock::duration pause = first_pause;; pause = std::min<fhir::Clock::duration>(pause * 2, longest_pause)) {
    std::optional<fhir::ServerUnavailable> trouble;
    try {
      co_await client_.probe();
    } catch (const fhir::ServerUnavailable& unavailable) {
      trouble = unavailable;
    }
    if (!trouble) break;
    report(trouble->what(), trouble->passing);
    co_await stop_.pause(pause);
  }
  up_ = true;
  const std::string& warning = client_.facts().warning;
  if (!warning.empty()) log::event(log::Level::warning, "FHIR server", {{"warning", warning}});
  log::event(log::Level::info, "ready", {{"server", client_.facts().software}, {"login", client_.facts().login}});
  changed_.notify_all();
}

}  // namespace worker
