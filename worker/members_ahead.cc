#include "worker/members_ahead.h"

#include <utility>

#include "fhir/membership.h"

namespace worker {

MembersAhead::MembersAhead(fhir::CompartmentReader& reader, fhir::Stop& stop, fhir::Reference target)
    : reader_(reader), stop_(stop), target_(std::move(target)) {}

Awaitable<void> MembersAhead::read() {
  for (;;) {
    std::optional<fhir::Page> page = co_await reader_.next();
    if (!page) break;
    while (ahead_) co_await changed_.wait(stop_);
    ahead_ = std::move(page);
    changed_.notify_all();
  }
  over_ = true;
  changed_.notify_all();
}

Awaitable<std::optional<fhir::Entry>> MembersAhead::next() {
  for (;;) {
    stop_.check();
    while (taken_ < present_.entries.size()) {
      fhir::Entry entry = std::move(present_.entries[taken_++]);
      if (fhir::is_member(entry, target_)) co_return std::move(entry);
    }
    if (take_page()) continue;
    if (over_) co_return std::nullopt;
    co_await changed_.wait(stop_);
  }
}

bool MembersAhead::take_page() {
  if (!ahead_) return false;
  present_ = std::move(*ahead_);
  ahead_.reset();
  taken_ = 0;
  changed_.notify_all();
  return true;
}

}  // namespace worker
