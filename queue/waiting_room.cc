#include "queue/waiting_room.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

namespace queue {
namespace {

/// A place in the list for as long as its owner waits, however that ends.
class Place {
 public:
  Place(std::shared_ptr<std::list<Timer*>> list, Timer& timer)
      : list_(std::move(list)), at_(list_->insert(list_->end(), &timer)) {}
  ~Place() { list_->erase(at_); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  std::shared_ptr<std::list<Timer*>> list_;
  std::list<Timer*>::iterator at_;
};

}  // namespace

Awaitable<void> WaitingRoom::wait(Clock::time_point until) {
  const auto executor = co_await boost::asio::this_coro::executor;
  Timer timer(executor, until);
  const Place place(waiting_, timer);
  boost::system::error_code woken;
  co_await timer.async_wait(boost::asio::redirect_error(use_awaitable, woken));
  const auto cancelled = co_await boost::asio::this_coro::cancellation_state;
  if (cancelled.cancelled() != boost::asio::cancellation_type::none)
    throw boost::system::system_error(boost::asio::error::operation_aborted);
}

void WaitingRoom::notify_all() {
  for (Timer* timer : *waiting_) timer->cancel();
}

}  // namespace queue
