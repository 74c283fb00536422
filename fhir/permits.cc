#include "fhir/permits.h"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/system/system_error.hpp>

namespace fhir {

/// A coroutine in the line; leaving it early, or with a permit it did not take, is undone here.
class Permits::Waiter {
 public:
  Waiter(Permits& permits, std::uint64_t share)
      : share_(share), permits_(permits), called_(permits.executor_, Clock::time_point::max()) {
    permits.join_line(*this);
  }
  ~Waiter() {
    if (granted_) {
      permits_.give_back();
    } else {
      permits_.leave_line(*this);
    }
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  std::uint64_t share() const { return share_; }
  Timer& called() { return called_; }
  void grant() {
    granted_ = true;
    called_.cancel();
  }
  bool take() { return std::exchange(granted_, false); }

 private:
  std::uint64_t share_;
  Permits& permits_;
  Timer called_;
  bool granted_ = false;
};

std::optional<Permits::Permit> Permits::try_acquire() {
  if (in_flight_ >= limit_ || !turns_.empty()) return std::nullopt;
  ++in_flight_;
  return Permit(*this);
}

Awaitable<Permits::Permit> Permits::acquire(std::uint64_t share) {
  auto permit = try_acquire();
  if (permit) co_return std::move(*permit);
  Waiter waiter(*this, share);
  boost::system::error_code ended;
  co_await waiter.called().async_wait(boost::asio::redirect_error(use_awaitable, ended));
  if (!waiter.take()) throw boost::system::system_error(boost::asio::error::operation_aborted);
  co_return Permit(*this);
}

Awaitable<Permits::Permit> Permits::acquire(std::uint64_t share, Stop& stop) {
  auto permit = try_acquire();
  if (permit) co_return std::move(*permit);
  Waiter waiter(*this, share);
  co_await stop.wait(waiter.called());
  if (!waiter.take()) throw boost::system::system_error(boost::asio::error::operation_aborted);
  co_return Permit(*this);
}

void Permits::set_limit(std::size_t limit) {
  limit_ = limit;
  grant();
}

void Permits::give_back() {
  --in_flight_;
  grant();
}

void Permits::grant() {
  while (in_flight_ < limit_ && !turns_.empty()) {
    const std::uint64_t share = turns_.front();
    turns_.pop_front();
    const auto line = lines_.find(share);
    Waiter& next = *line->second.front();
    line->second.pop_front();
    if (line->second.empty()) {
      lines_.erase(line);
    } else {
      turns_.push_back(share);
    }
    ++in_flight_;
    next.grant();
  }
}

void Permits::join_line(Waiter& waiter) {
  auto& line = lines_[waiter.share()];
  if (line.empty()) turns_.push_back(waiter.share());
  line.push_back(&waiter);
}

void Permits::leave_line(Waiter& waiter) {
  const auto line = lines_.find(waiter.share());
  if (line == lines_.end()) return;
  line->second.remove(&waiter);
  if (!line->second.empty()) return;
  turns_.remove(waiter.share());
  lines_.erase(line);
}

}  // namespace fhir
