#include "worker/http/status_page/broadcast.h"

#include <algorithm>
#include <utility>

#include <boost/asio/redirect_error.hpp>

#include "fhir/listed.h"

namespace worker::http {
namespace {

constexpr std::size_t most_kept = 16;

}  // namespace

void Broadcast::say(std::string text) {
  last_.push_back(std::move(text));
  if (last_.size() > most_kept) last_.pop_front();
  ++said_;
  for (fhir::Timer* timer : waiting_) timer->cancel();
}

/// Who is cancelled meanwhile hears nothing, and notices with whatever he waits for next.
Awaitable<Broadcast::Place::Heard> Broadcast::Place::hear(std::chrono::milliseconds longest) {
  if (next_ == broadcast_.said_) {
    fhir::Timer timer(broadcast_.executor_, longest);
    const fhir::Listed listed(broadcast_.waiting_, timer);
    boost::system::error_code woken;
    co_await timer.async_wait(boost::asio::redirect_error(fhir::use_awaitable, woken));
  }
  const std::uint64_t oldest = broadcast_.said_ - broadcast_.last_.size();
  Heard heard{.text = {}, .missed = next_ < oldest};
  next_ = std::max(next_, oldest);
  for (; next_ < broadcast_.said_; ++next_) heard.text += broadcast_.last_[next_ - oldest];
  co_return heard;
}

}  // namespace worker::http
