#include "fhir/deadlines.h"

#include <algorithm>
#include <iterator>

namespace fhir {
namespace {

constexpr std::chrono::milliseconds until_again(50);

}  // namespace

Deadlines::Deadlines(const Executor& executor)
    : alarm_(executor, [this](Clock::time_point now) { return expire_those_due(now); }) {}

/// Requests have the same time each, so the place is nearly always at the end.
Deadlines::Watch::Watch(Deadlines& deadlines, Socket& socket, Clock::time_point deadline)
    : deadlines_(deadlines), socket_(socket), deadline_(deadline) {
  auto& watches = deadlines.watches_;
  auto place = watches.end();
  while (place != watches.begin() && std::prev(place)->deadline_ > deadline) --place;
  watches.insert(place, *this);
  deadlines.alarm_.set(deadline);
}

Deadlines::Watch::~Watch() {
  deadlines_.watches_.erase(deadlines_.watches_.iterator_to(*this));
}

/// What is expired stays on the list until it is over, and is cancelled again and again: whoever was between two
/// operations when its time was up begins another one.
Clock::time_point Deadlines::expire_those_due(Clock::time_point now) {
  auto next = Clock::time_point::max();
  for (Watch& watch : watches_) {
    if (watch.deadline_ > now) return std::min(next, watch.deadline_);
    watch.expired_ = true;
    boost::system::error_code ignored;  // of a socket that is closed already
    watch.socket_.cancel(ignored);
    next = now + until_again;
  }
  return next;
}

}  // namespace fhir
