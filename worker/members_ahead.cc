#include "worker/members_ahead.h"

#include <utility>

#include "fhir/membership.h"

namespace worker {

MembersAhead::MembersAhead(fhir::CompartmentReader& reader, fhir::Stop& stop, fhir::Reference target,
                           Progress& progress)
    : reader_(reader), stop_(stop), target_(std::move(target)), progress_(progress) {}

Awaitable<void> MembersAhead::read() {
  for (;;) {
    std::optional<fhir::Page> page = co_await reader_.next();
    if (!page) break;
    std::vector<fhir::Entry> members = members_of(std::move(*page));
    while (ahead_) co_await changed_.wait(stop_);
    ahead_ = std::move(members);
    changed_.notify_all();
  }
  over_ = true;
  changed_.notify_all();
}

std::optional<fhir::Entry> MembersAhead::take() {
  stop_.check();
  while (taken_ == present_.size())
    if (!take_page()) return std::nullopt;
  return std::move(present_[taken_++]);
}

Awaitable<std::optional<fhir::Entry>> MembersAhead::next() {
  auto member = take();
  while (!member && !over_) {
    co_await changed_.wait(stop_);
    member = take();
  }
  co_return std::move(member);
}

std::vector<fhir::Entry> MembersAhead::members_of(fhir::Page page) const {
  std::erase_if(page.entries, [&](const fhir::Entry& entry) { return !fhir::is_member(entry, target_); });
  for (const fhir::Entry& member : page.entries) progress_.see(member.reference);
  return std::move(page.entries);
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
